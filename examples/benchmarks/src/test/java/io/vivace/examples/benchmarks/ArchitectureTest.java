package io.vivace.examples.benchmarks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.vivace.core.InferenceException;
import io.vivace.core.PredictorBuilder;
import io.vivace.core.internal.run.Assembly;
import io.vivace.core.internal.run.Plan;
import io.vivace.core.spi.DjlModelAccess;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the house, over the main classes of all modules. */
class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.vivace");

  /** Where DJL may be named outside the packages that exist for it. */
  private static final Class<?>[] DJL_EXEMPTIONS = {
    PredictorBuilder.class, // translator(Translator)
    Plan.class, // carries the translator from the builder
    Assembly.class, // hands it to internal.djl
    DjlModelAccess.class, // the second door of a loaded model
  };

  @Test
  void import_findsEveryModule() {
    assertThat(ALL.stream().map(JavaClass::getPackageName))
        .contains(
            "io.vivace.core",
            "io.vivace.engines.onnxruntime",
            "io.vivace.engines.pytorch",
            "io.vivace.engines.contract",
            "io.vivace.optimize",
            "io.vivace.evaluate",
            "io.vivace.examples.quickstart");
  }

  static Stream<List<String>> directions() {
    return Stream.of(
        List.of("io.vivace.core..", "engines", "optimize", "evaluate", "examples"),
        List.of("io.vivace.optimize..", "engines", "evaluate", "examples"),
        List.of("io.vivace.evaluate..", "engines", "optimize", "examples"),
        List.of("io.vivace.engines..", "optimize", "evaluate", "examples"));
  }

  @ParameterizedTest
  @MethodSource("directions")
  void modules_dependOneWay(List<String> direction) {
    String[] forbidden =
        direction.stream().skip(1).map(name -> "io.vivace." + name + "..").toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(direction.get(0))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(forbidden));
  }

  @Test
  void engines_doNotKnowEachOther() {
    check(slices().matching("io.vivace.engines.(*)..").should().notDependOnEachOther());
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "optimize", "evaluate", "engines"})
  void internal_staysInsideItsModule(String module) {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.vivace." + module + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vivace." + module + "..internal.."));
  }

  @Test
  void packages_ofTheCore_haveNoCycles() {
    check(slices().matching("io.vivace.core.(**)").should().beFreeOfCycles());
  }

  @ParameterizedTest
  @ValueSource(strings = {"model..", "tensor..", "codec..", "data..", "observe..", "spi.."})
  void subPackages_knowOnlyTheExceptionsOfTheRoot(String name) {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.vivace.core." + name)
            .should(
                dependOnClassesThat(
                    resideInAPackage("io.vivace.core")
                        .and(not(assignableTo(InferenceException.class)))
                        .and(not(belongToAnyOf(InferenceException.Code.class))))));
  }

  @Test
  void djl_isNamedOnlyWhereTheDesignAllows() {
    check(
        noClasses()
            .that(
                resideInAnyPackage(
                        "io.vivace.core..", "io.vivace.optimize..", "io.vivace.evaluate..")
                    .and(not(resideInAPackage("io.vivace.core.internal.djl..")))
                    .and(not(resideInAPackage("io.vivace.optimize.train..")))
                    .and(not(resideInAPackage("io.vivace.optimize.distill..")))
                    .and(not(belongToAnyOf(DJL_EXEMPTIONS))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl.."));
  }

  @Test
  void library_neverWritesToTheConsole() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.vivace.examples..")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS));
    check(GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
  }

  @Test
  void classes_haveNoFinalizer() {
    assertThat(ALL.stream().filter(type -> type.tryGetMethod("finalize").isPresent())).isEmpty();
  }

  @Test
  void packages_areNullMarked() {
    List<String> unmarked =
        ALL.stream()
            .filter(type -> !type.getPackageName().endsWith(".jmh_generated"))
            .map(JavaClass::getPackage)
            .distinct()
            .filter(found -> found.tryGetAnnotationOfType(NullMarked.class).isEmpty())
            .map(found -> found.getName())
            .toList();
    assertThat(unmarked).isEmpty();
  }

  @Test
  void names_sayWhatTheClassIs() {
    check(
        noClasses()
            .should()
            .haveNameMatching(".*\\.[^.]*(Util|Utils|Helper|Helpers|Manager|Common)(\\$.*)?"));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(ALL);
  }
}
