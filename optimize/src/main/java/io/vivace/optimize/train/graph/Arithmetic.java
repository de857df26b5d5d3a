package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.UnaryOperator;

/** Arithmetic with broadcasting, and functions of one element. */
final class Arithmetic {
  private Arithmetic() {}

  static void register(Map<String, Operator> operators) {
    binary(operators, "Add", NDArray::add, Long::sum);
    binary(operators, "Sub", NDArray::sub, (a, b) -> a - b);
    binary(operators, "Mul", NDArray::mul, (a, b) -> a * b);
    binary(operators, "Div", NDArray::div, (a, b) -> a / b);
    operators.put("Mod", Operator.general(Arithmetic::mod));
    operators.put("Pow", Operator.of(Arithmetic::pow));
    several(operators, "Max", NDArray::maximum, Math::max);
    several(operators, "Min", NDArray::minimum, Math::min);
    several(operators, "Sum", NDArray::add, Long::sum);
    operators.put("Mean", Operator.of(Arithmetic::mean));
    unary(operators, "Sqrt", NDArray::sqrt);
    unary(operators, "Exp", NDArray::exp);
    unary(operators, "Log", NDArray::log);
    unary(operators, "Abs", NDArray::abs);
    unary(operators, "Neg", NDArray::neg);
    unary(operators, "Floor", NDArray::floor);
    unary(operators, "Ceil", NDArray::ceil);
    unary(operators, "Round", NDArray::round);
    unary(operators, "Sign", NDArray::sign);
    unary(operators, "Erf", NDArray::erf);
    unary(operators, "Sin", NDArray::sin);
    unary(operators, "Cos", NDArray::cos);
    unary(operators, "Tan", NDArray::tan);
    unary(operators, "Asin", NDArray::asin);
    unary(operators, "Acos", NDArray::acos);
    unary(operators, "Atan", NDArray::atan);
    unary(operators, "Sinh", NDArray::sinh);
    unary(operators, "Cosh", NDArray::cosh);
    operators.put("Reciprocal", Operator.of(call -> call.scalar(1).div(call.in(0))));
  }

  private static void unary(
      Map<String, Operator> operators, String name, UnaryOperator<NDArray> function) {
    operators.put(name, Operator.of(call -> function.apply(call.in(0))));
  }

  private static void binary(
      Map<String, Operator> operators,
      String name,
      BinaryOperator<NDArray> function,
      LongBinaryOperator onHost) {
    operators.put(
        name,
        Operator.general(
            call ->
                // The engine divides integers as real numbers.
                call.onHost() || (name.equals("Div") && call.isIntegral())
                    ? List.of(HostArithmetic.binary(call, onHost))
                    : List.of(Operand.of(function.apply(real(call, 0), real(call, 1))))));
  }

  /** An integer beside a real number becomes real, or the engine might choose another type. */
  private static NDArray real(Call call, int input) {
    return call.isIntegral() ? call.in(input) : call.realIn(input);
  }

  private static void several(
      Map<String, Operator> operators,
      String name,
      BinaryOperator<NDArray> function,
      LongBinaryOperator onHost) {
    operators.put(
        name,
        Operator.general(
            call -> {
              if (call.onHost() && call.count() == 2) {
                return List.of(HostArithmetic.binary(call, onHost));
              }
              return List.of(Operand.of(fold(call, function)));
            }));
  }

  private static NDArray fold(Call call, BinaryOperator<NDArray> function) {
    NDArray result = call.in(0);
    for (int i = 1; i < call.count(); i++) {
      result = function.apply(result, call.in(i));
    }
    return call.count() == 1 ? Layout.same(result) : result;
  }

  private static NDArray mean(Call call) {
    return fold(call, NDArray::add).mul(call.scalar(1.0 / call.count()));
  }

  /** {@code fmod} follows the sign of the dividend, else the divisor's sign holds. */
  private static List<Operand> mod(Call call) {
    boolean dividend = call.integer("fmod", 0) != 0;
    if (call.isIntegral()) {
      return List.of(HostArithmetic.binary(call, dividend ? (a, b) -> a % b : Math::floorMod));
    }
    NDArray a = call.in(0);
    NDArray b = call.in(1);
    NDArray rest = dividend ? a.sub(a.div(b).trunc().stopGradient().mul(b)) : a.mod(b);
    return List.of(Operand.of(rest));
  }

  private static NDArray pow(Call call) {
    NDArray base = call.in(0);
    if (!base.getDataType().isFloating()) {
      NDArray power = base.toType(call.real(), true).pow(call.realIn(1));
      return power.round().toType(base.getDataType(), true);
    }
    NDArray exponent = call.realIn(1);
    boolean constant = call.operand(1).isKept() && !exponent.hasGradient();
    if (constant && exponent.size() == 1 && exponent.getShape().dimension() <= 1) {
      double value = call.doubles(1)[0];
      if (value == 2) {
        return base.square();
      }
      if (value == 0.5) {
        return base.sqrt();
      }
    }
    return base.pow(exponent);
  }
}
