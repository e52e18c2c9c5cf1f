#include "autograd/array/arithmetic.h"
#include "autograd/array/concat.h"
#include "autograd/array/index.h"
#include "autograd/array/median.h"
#include "autograd/array/print.h"
#include "autograd/array/random.h"
#include "autograd/array/random_distributions.h"
#include "autograd/array/reduce.h"
#include "autograd/array/scan.h"
#include "autograd/array/softmax.h"
#include "autograd/base/random.h"
#include "tests/calls/arguments.h"

// A call for each function of autograd/array that takes numbers.
namespace calls {
namespace {

using namespace autograd;
using A = Arguments&;

Calls making() {
  return {
      {"empty",
       [](A a) {
         Array made = Array::empty(a.shape("shape", {2, 3}), Dtype::float32);
         made.fill(1);
         return one(made);
       }},
      {"zeros",
       [](A a) {
         return one(Array::zeros(a.shape("shape", {2, 3}), Dtype::float64));
       }},
      {"ones",
       [](A a) {
         return one(Array::ones(a.shape("shape", {2, 3}), Dtype::float64));
       }},
      {"full",
       [](A a) {
         return one(Array::full(a.shape("shape", {2, 3}), 1, Dtype::float32));
       }},
      {"arange", [](A a) { return one(Array::arange(a.number("n", 3))); }},
      {"of",
       [](A a) {
         return one(Array::of({1., 2., 3.}, a.shape("shape", {3, 1})));
       }},
      {"from",
       [](A a) {
         return one(Array::from(std::vector<float>{1, 2, 3}, a.shape("shape", {1, 3})));
       }},
      {"scatter",
       [](A a) {
         return one(array::scatter(a.shape("shape", {3, 4}), a.number("indices", 1),
                                   a.array("values", {4})));
       }},
  };
}

Calls views() {
  return {
      {"reshape",
       [](A a) {
         return one(a.array("x", {2, 3}).reshape(a.shape("shape", {3, -1})));
       }},
      {"transpose",
       [](A a) {
         return one(a.array("x", {2, 3, 4}).transpose(a.axes("axes", {2, 0, 1}, 3)));
       }},
      {"swapaxes",
       [](A a) {
         return one(a.array("x", {2, 3, 4}).swapaxes(a.axis("a", 0, 3), a.axis("b", 2, 3)));
       }},
      {"broadcast_to",
       [](A a) {
         return one(a.array("x", {2, 1}).broadcast_to(a.shape("shape", {4, 2, 3})));
       }},
      {"slice",
       [](A a) {
         return one(a.array("x", {2, 5})
                        .slice(a.axis("axis", 1, 2), a.number("start", 1), a.number("count", 2),
                               a.number("step", 2)));
       }},
      {"select",
       [](A a) {
         return one(a.array("x", {2, 3}).select(a.axis("axis", 1, 2), a.number("index", 2)));
       }},
      {"operator[]",
       [](A a) {
         return one(a.array("x", {2, 3})[{Slice(), a.number("indices", 1)}]);
       }},
      {"expand_dims",
       [](A a) {
         return one(a.array("x", {2, 3}).expand_dims(a.axis("axis", 1, 3)));
       }},
      {"squeeze",
       [](A a) {
         return one(a.array("x", {2, 1, 3}).squeeze(a.axis("axis", 1, 3)));
       }},
      {"as_strided",
       [](A a) {
         return one(a.array("x", {3, 4})
                        .as_strided(a.shape("shape", {2, 3}), a.shape("strides", {4, 1}),
                                    a.number("offset", 1)));
       }},
      {"length",
       [](A a) {
         return one(Array::scalar(a.array("x", {2, 3}).length(a.axis("axis", 1, 2))));
       }},
  };
}

Calls computing() {
  using Reduction = Array (*)(const Array&, const Axes&, bool);
  const auto reduction = [](const char* name, Reduction f) {
    return Call{
        name, [=](A a) {
          return one(f(a.array("x", {2, 3, 4}), a.axes("axes", {1, 2}, 3), a.flag("keepdims")));
        }};
  };
  using Place = Array (*)(const Array&, std::optional<int>);
  const auto place = [](const char* name, Place f) {
    return Call{name, [=](A a) {
                  return one(f(a.array("x", {2, 3, 4}), a.maybe_axis("axis", 1, 3)));
                }};
  };
  using Along = Array (*)(const Array&, int);
  const auto along = [](const char* name, Along f) {
    return Call{name, [=](A a) { return one(f(a.array("x", {2, 3, 4}), a.axis("axis", 1, 3))); }};
  };
  using Slope = Array (*)(const Array&, const Array&, int);
  const auto slope = [](const char* name, Slope f) {
    return Call{
        name, [=](A a) {
          return one(f(a.array("y", {2, 3, 4}), a.array("gy", {2, 3, 4}), a.axis("axis", 1, 3)));
        }};
  };
  return {
      reduction("sum", array::sum),
      reduction("mean", array::mean),
      reduction("var", array::var),
      reduction("std", array::std),
      reduction("max", array::max),
      reduction("min", array::min),
      reduction("logsumexp", array::logsumexp),
      place("argmax", array::argmax),
      place("argmin", array::argmin),
      along("softmax", array::softmax),
      along("log_softmax", array::log_softmax),
      slope("softmax_gradient", array::softmax_gradient),
      slope("log_softmax_gradient", array::log_softmax_gradient),
      along("cumprod", array::cumprod),
      {"median",
       [](A a) {
         return one(
             array::median(a.array("x", {2, 3, 4}), a.axis("axis", 1, 3), a.flag("keepdims")));
       }},
      {"cumsum",
       [](A a) {
         return one(
             array::cumsum(a.array("x", {2, 3, 4}), a.axis("axis", 1, 3), a.flag("backwards")));
       }},
      {"recurrence",
       [](A a) {
         return one(array::recurrence(a.array("a", {2, 3, 4}), a.array("b", {2, 3, 4}),
                                      a.axis("axis", 1, 3), a.flag("adjoint")));
       }},
      {"exp_sum",
       [](A a) {
         const array::ExpSum sum =
             array::exp_sum(a.array("x", {2, 3, 4}), a.axes("axes", {1, 2}, 3));
         return results({as_variable(sum.shift), as_variable(sum.total)});
       }},
      {"binary_scale",
       [](A a) {
         return one(array::binary_scale(a.array("x", {2, 3, 4}), a.axes("axes", {1, 2}, 3)));
       }},
      {"sum_to",
       [](A a) {
         return one(array::sum_to(a.array("x", {2, 3}), a.shape("shape", {2, 1})));
       }},
      {"concat",
       [](A a) {
         return one(array::concat(Arrays{a.array("xs 0", {2, 3}), a.array("xs 1", {2, 4})},
                                  a.axis("axis", 1, 2)));
       }},
      {"get_item",
       [](A a) {
         return one(array::get_item(a.array("x", {2, 3}), {Slice(), a.number("indices", 1)}));
       }},
      {"position_range",
       [](A a) {
         const array::PositionRange range = array::position_range(
             a.positions("positions", {0, 2, 1}, {3}), a.maybe_number("ignored", 1));
         return one(Array::of({range.least, range.greatest, range.count}));
       }},
  };
}

Calls printing() {
  return {
      {"array2string",
       [](A a) {
         const std::string text =
             array2string(a.array("x", {2, 3}), {.indent = a.count("indent", 1)});
         return one(Array::scalar(static_cast<Int>(text.size())));
       }},
      {"number_for",
       [](A a) {
         return one(number_for(a.one_of("dtype", {Dtype::int64, Dtype::bool_, Dtype::uint8,
                                                  Dtype::int32, Dtype::float32}),
                               a.number("number", 2)));
       }},
  };
}

Calls drawing() {
  random::Generator& generator = random::generator();
  using Drawn = Array (*)(const Shape&, Dtype, random::Generator&);
  const auto drawn = [&](const char* name, Drawn f) {
    return Call{name,
                [=, &generator](A a) {
                  return one(f(a.shape("shape", {2, 3}), Dtype::float32, generator));
                },
                true};
  };
  return {
      drawn("standard_normal", array::standard_normal),
      drawn("rand", array::rand),
      drawn("standard_exponential", array::standard_exponential),
      drawn("laplace", array::laplace),
      drawn("gumbel", array::gumbel),
      {"uniform",
       [](A a) {
         return one(array::uniform(0, 1, a.shape("shape", {2, 3})));
       },
       true},
      {"normal",
       [](A a) {
         return one(array::normal(0, 1, a.shape("shape", {2, 3})));
       },
       true},
      {"randint",
       [](A a) {
         return one(
             array::randint(a.number("low", 1), a.number("high", 9), a.shape("shape", {2, 3})));
       },
       true},
      {"choice",
       [&generator](A a) {
         const Array p = Array::of<double>({0.5, 0.5, 0.25, 0.75}, Shape{2, 2});
         return one(array::choice(p, a.number("n", 3), generator));
       },
       true},
      drawn("standard_cauchy", array::standard_cauchy),
      {"dirichlet",
       [&generator](A a) {
         const Array alpha = Array::of<double>({0.5, 1, 2, 3}, Shape{2, 2});
         return one(array::dirichlet(alpha, a.number("n", 3), generator));
       },
       true},
      {"multivariate_normal",
       [&generator](A a) {
         const Array mean = Array::of<double>({1, 2}),
                     cov = Array::of<double>({2, 0.5, 0.5, 1}, Shape{2, 2});
         return one(array::multivariate_normal(mean, cov, a.number("n", 3), generator));
       },
       true},
  };
}

}  // namespace

Calls arrays() { return joined({making(), views(), computing(), printing(), drawing()}); }

}  // namespace calls
