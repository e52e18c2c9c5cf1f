#include "autograd/functions/loss/black_out.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/connection/connection.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/support/labels.h"

namespace autograd::inline functions {

Variable black_out(const Variable& x, ArrayLike given, const Variable& W, ArrayLike given_samples,
                   Reduce reduce) {
  constexpr std::string_view op = "black_out";
  const Array &t = given.array(), &samples = given_samples.array();
  if (reduce != Reduce::mean && reduce != Reduce::no)
    throw Error(fmt::format("{}: reduce must be mean or no, but it is {}", op, name(reduce)));
  Check(op, {{"x", x}, {"W", W}})
      .floats()
      .ndim(2)
      .that(x.length(1) == W.length(1), "x.shape[1] must equal W.shape[1]");
  Check(op, {{"x", x}, {"t", t}, {"samples", samples}})
      .that(is_integer(t.dtype()) && t.shape() == Shape{x.length(0)},
            "t must hold one integer for each row of x")
      .that(is_integer(samples.dtype()) && samples.ndim() == 2 && samples.length(0) == x.length(0),
            "samples must hold integers for each row of x");
  for (const Array& classes : {t, samples})
    labels::require_between(op, classes.astype(Dtype::int64), 0, W.length(0) - 1);
  const Variable columns = expand_dims(x, 2);
  const auto scores = [&](const Array& classes) {
    return squeeze(matmul(embed_id(classes, W), columns), 2);
  };
  const Variable positive = scores(t.expand_dims(1)), negative = scores(samples);
  const Variable log_z = expand_dims(logsumexp(concat({positive, negative}, 1), 1), 1);
  const Variable others = log(1 - exp(negative - log_z));
  const Variable loss = -(squeeze(positive - log_z, 1) + sum(others, 1));
  return reduce == Reduce::no ? loss : sum(loss) / static_cast<double>(x.length(0));
}

}  // namespace autograd::inline functions
