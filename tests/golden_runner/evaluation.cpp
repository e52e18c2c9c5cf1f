#include "autograd/functions/evaluation/evaluation.h"

#include "autograd/functions/evaluation/classification_summary.h"
#include "tests/golden_runner/table.h"

namespace golden {
namespace F = autograd;
namespace {

std::optional<std::int64_t> label_num(const Call& c) {
  const Value& v = c.kwargs["label_num"];
  return v.is(Value::Kind::null) ? std::optional<std::int64_t>() : v.integer();
}

void add_scores_of_classes(Table& t) {
  t.add("classification_summary", [](const Call& c) -> Variables {
    const auto [precision, recall, fbeta, support] =
        F::classification_summary(c.x(0), c.array(1),
                                  {.label_num = label_num(c),
                                   .beta = c.kwargs.number("beta", 1),
                                   .ignore_label = c.kwargs.integer("ignore_label", -1)});
    return {precision, recall, fbeta, support};
  });
  using Score = F::ClassScore(const Variable&, F::ArrayLike, const F::ClassScoreOptions&);
  const auto add = [&](const std::string& name, Score* f) {
    t.add(name, [f](const Call& c) -> Variables {
      const auto [score, support] =
          f(c.x(0), c.array(1),
            {.label_num = label_num(c), .ignore_label = c.kwargs.integer("ignore_label", -1)});
      return {score, support};
    });
  };
  add("precision", F::precision);
  add("recall", F::recall);
  add("f1_score", F::f1_score);
}

}  // namespace

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
  add_scores_of_classes(t);
}

}  // namespace golden
