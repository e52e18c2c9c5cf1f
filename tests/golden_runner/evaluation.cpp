#include "autograd/functions/evaluation/evaluation.h"

#include "tests/golden_runner/table.h"

namespace golden {
namespace F = autograd;

void add_evaluation(Table& t) {
  t.add("accuracy", [](const Call& c) {
    std::optional<std::int64_t> ignore;
    if (c.kwargs.has("ignore_label")) ignore = c.kwargs["ignore_label"].integer();
    return F::accuracy(c.x(0), c.array(1), ignore);
  });
  t.add("binary_accuracy", [](const Call& c) { return F::binary_accuracy(c.x(0), c.array(1)); });
  t.add("r2_score", [](const Call& c) {
    const std::string multioutput = c.kwargs.text("multioutput", "uniform_average");
    if (multioutput != "uniform_average" && multioutput != "raw_values")
      throw NotBuilt{c.function + " with multioutput=" + multioutput};
    return F::r2_score(
        c.x(0), c.x(1),
        multioutput == "raw_values" ? F::MultiOutput::raw_values : F::MultiOutput::uniform_average);
  });
}

}  // namespace golden
