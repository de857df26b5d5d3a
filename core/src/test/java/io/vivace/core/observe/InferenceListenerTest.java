package io.vivace.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.vivace.core.InferenceException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InferenceListenerTest {
  private static final ModelVersion MODEL = new ModelVersion("m", "1", "Stub", "cpu");

  static Stream<Method> events() {
    return Arrays.stream(InferenceListener.class.getMethods())
        .filter(method -> method.getReturnType() == void.class)
        .filter(method -> !Modifier.isStatic(method.getModifiers()));
  }

  @Test
  void events_areAllFound() {
    assertThat(events()).hasSize(16);
  }

  @ParameterizedTest
  @MethodSource("events")
  void all_eachEvent_reachesEveryListenerAlthoughOneThrows(Method event) throws Exception {
    List<String> heard = new ArrayList<>();
    InferenceListener chain =
        InferenceListener.all(
            List.of(
                recorder(heard, "a"),
                throwing(new IllegalStateException("no")),
                throwing(new AssertionError("never")),
                recorder(heard, "b")));
    Object[] arguments = arguments(event);
    event.invoke(chain, arguments);
    event.invoke(chain, arguments);
    String call = event.getName() + Arrays.toString(arguments);
    assertThat(heard).containsExactly("a" + call, "b" + call, "a" + call, "b" + call);
  }

  @ParameterizedTest
  @MethodSource("events")
  void none_anyEvent_isNothing(Method event) throws Exception {
    event.invoke(InferenceListener.NONE, arguments(event));
  }

  @Test
  void all_nothingToHear_isNone() {
    assertThat(InferenceListener.all(List.of())).isSameAs(InferenceListener.NONE);
    assertThat(InferenceListener.NONE.and(InferenceListener.NONE)).isSameAs(InferenceListener.NONE);
  }

  @Test
  void all_ofChains_callsEachListenerOnce() {
    List<String> heard = new ArrayList<>();
    InferenceListener inner = recorder(heard, "a").and(recorder(heard, "b"));
    InferenceListener.NONE.and(inner).and(recorder(heard, "c")).opened(MODEL);
    assertThat(heard.stream().map(text -> text.substring(0, 1))).containsExactly("a", "b", "c");
  }

  @Test
  void all_null_isRefused() {
    assertThatNullPointerException()
        .isThrownBy(() -> InferenceListener.all(Arrays.asList(InferenceListener.NONE, null)))
        .withMessageContaining("listener");
  }

  private static Object[] arguments(Method event) {
    return Arrays.stream(event.getParameterTypes()).map(InferenceListenerTest::argument).toArray();
  }

  private static Object argument(Class<?> type) {
    if (type == int.class) {
      return 3;
    } else if (type == long.class) {
      return 5L;
    } else if (type == String.class) {
      return "m";
    } else if (type == ShedReason.class) {
      return ShedReason.QUEUE_FULL;
    } else if (type == InferenceException.Code.class) {
      return InferenceException.Code.ENGINE;
    }
    return type == ModelVersion.class ? MODEL : new IllegalStateException("engine");
  }

  private static InferenceListener recorder(List<String> heard, String name) {
    return listener(
        (method, arguments) -> heard.add(name + method.getName() + Arrays.toString(arguments)));
  }

  private static InferenceListener throwing(Throwable error) {
    return listener(
        (method, arguments) -> {
          throw error;
        });
  }

  private interface Handler {
    void handle(Method method, Object[] arguments) throws Throwable;
  }

  private static InferenceListener listener(Handler handler) {
    return (InferenceListener)
        Proxy.newProxyInstance(
            InferenceListener.class.getClassLoader(),
            new Class<?>[] {InferenceListener.class},
            (proxy, method, arguments) -> {
              if (method.getReturnType() == void.class) {
                handler.handle(method, arguments);
                return null;
              }
              return method.isDefault()
                  ? java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments)
                  : "listener";
            });
  }
}
