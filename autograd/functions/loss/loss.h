#pragma once

#include <concepts>

#include "autograd/functions/support/function_object.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Losses; Chainer's functions/loss. docs/losses.md lists what each loss is divided by. Class labels
// are integer arrays and get no gradient. All other arguments, including other targets, are
// variables and get gradients.
namespace autograd::inline functions {

// How the terms of a loss are reduced. The comment of a loss lists the values that it accepts.
enum class Reduce {
  sum,   // their sum
  mean,  // their sum over their number
  no,    // the terms themselves
  // Their sum divided by the length of axis 0: summed over the features, averaged over the batch.
  batch_mean,
  sum_along_second_axis,
  half_squared_sum,
};

// "sum", ...
std::string_view name(Reduce reduce);

// The three losses of a variational autoencoder. Arguments broadcast. By default a loss is the sum
// over all elements of the whole batch: divide by the batch size, or use Reduce::batch_mean.
// Reduce: sum, mean, no, batch_mean.

// -log p(x) of a Bernoulli variable with the logit y: log(1 + e^y) - x y. x in [0, 1].
inline constexpr struct BernoulliNllFunction : BinaryFunction<BernoulliNllFunction> {
  Variable operator()(const Variable& x, const Variable& y, Reduce reduce = Reduce::sum) const;
} bernoulli_nll;

// log p(x), element by element, of a Bernoulli variable with the given logit:
//   logit (x - 1) - log(1 + e^-logit)
// For an infinite logit it is 0 at the certain value of x and -inf elsewhere. With binary_check it
// is -inf, and the gradient NaN, where x is neither 0 nor 1. x gets no gradient.
inline constexpr struct BernoulliLogProbFunction : BinaryFunction<BernoulliLogProbFunction> {
  Variable operator()(const Variable& logit, const Variable& x, bool binary_check = false) const;
} bernoulli_log_prob;

// -log p(x) of a Gaussian variable: (log(2 pi) + ln_var + (x - mean)^2 e^-ln_var) / 2.
inline constexpr struct GaussianNllFunction
    : FunctionObject<GaussianNllFunction,
                     Variable(const Variable&, const Variable&, const Variable&)> {
  Variable operator()(const Variable& x, const Variable& mean, const Variable& ln_var,
                      Reduce reduce = Reduce::sum) const;
} gaussian_nll;

// KL(N(mean, e^ln_var) || N(0, 1)) = (mean^2 + e^ln_var - ln_var - 1) / 2.
inline constexpr struct GaussianKlDivergenceFunction
    : BinaryFunction<GaussianKlDivergenceFunction> {
  Variable operator()(const Variable& mean, const Variable& ln_var,
                      Reduce reduce = Reduce::sum) const;
} gaussian_kl_divergence;

// (a - b)^2 and |a - b|, by default averaged over all elements: for 100 images of 784 pixels,
// 1/78400 of the sum. The gradient of |a - b| is 0 where a = b. Reduce: sum, mean, no, batch_mean.
inline constexpr struct MeanSquaredErrorFunction : BinaryFunction<MeanSquaredErrorFunction> {
  Variable operator()(const Variable& a, const Variable& b, Reduce reduce = Reduce::mean) const;
} mean_squared_error;
inline constexpr struct MeanAbsoluteErrorFunction : BinaryFunction<MeanAbsoluteErrorFunction> {
  Variable operator()(const Variable& a, const Variable& b, Reduce reduce = Reduce::mean) const;
} mean_absolute_error;

// The same, element by element.
Variable squared_error(const Variable& a, const Variable& b);
// Another name for squared_error.
Variable squared_difference(const Variable& a, const Variable& b);
Variable absolute_error(const Variable& a, const Variable& b);

// With d = x - t: d^2 / 2 where |d| <= delta, delta (|d| - delta / 2) elsewhere. P. J. Huber,
// "Robust estimation of a location parameter", 1964. Reduce: sum_along_second_axis, no.
Variable huber_loss(const Variable& x, const Variable& t, double delta,
                    Reduce reduce = Reduce::sum_along_second_axis);

// log(1 + e^x) - t x for labels t of 0 and 1, in the shape of x; where t is -1, the term is 0. The
// mean divides the sum by the number of labels other than -1 or, if `normalize` is false, by the
// batch size (the length of axis 0). Reduce: mean, no.
inline constexpr struct SigmoidCrossEntropyFunction
    : FunctionObject<SigmoidCrossEntropyFunction, Variable(const Variable&, ArrayLike)> {
  Variable operator()(const Variable& x, ArrayLike t, bool normalize = true,
                      Reduce reduce = Reduce::mean) const;
} sigmoid_cross_entropy;

struct SoftmaxCrossEntropyOptions {
  bool normalize = true;         // false: the mean divides by the length of axis 0, ignored or not
  ArrayField class_weight = {};  // (classes): multiplies the terms of each class, not the divisor
  std::int64_t ignore_label = -1;  // terms with this label are 0 and are not counted
  Reduce reduce = Reduce::mean;
  // For soft targets: adds sum(t log(t + 1e-7)). Chainer's soft_target_loss.
  bool kl_divergence = false;
};

// -log softmax(x)[t], with the softmax along axis 1: x is (N, classes, ...), t holds integer labels
// (N, ...). The mean is over the labels that are not ignored; if all are ignored, it is 0. Floating
// t in the shape of x are soft targets, with terms -sum(t log softmax(x)); their mean is over all
// terms, and class_weight is not allowed. The gradient is softmax(x) - t; for a soft target that
// does not sum to 1 it is softmax(x) sum(t) - t (Chainer omits the sum). Always twice
// differentiable, so Chainer's enable_double_backprop has no counterpart. Reduce: mean, no.
inline constexpr struct SoftmaxCrossEntropyFunction
    : FunctionObject<SoftmaxCrossEntropyFunction, Variable(const Variable&, ArrayLike)> {
  Variable operator()(const Variable& x, ArrayLike t,
                      const SoftmaxCrossEntropyOptions& options = {}) const;
  // By position, as Chainer. cache_score has no effect: no score is cached.
  template <std::same_as<bool> B>
  Variable operator()(const Variable& x, ArrayLike t, B normalize, bool /*cache_score*/ = true,
                      const ArrayField& class_weight = {}, std::int64_t ignore_label = -1,
                      Reduce reduce = Reduce::mean) const {
    return (*this)(x, t,
                   {.normalize = normalize,
                    .class_weight = class_weight,
                    .ignore_label = ignore_label,
                    .reduce = reduce});
  }
} softmax_cross_entropy;

// The one-versus-rest hinge loss: max(0, 1 - s x) with s = 1 at the class t[i] and -1 elsewhere,
// squared for Norm::L2. x is (N, K), t is (N). The mean divides by N only. Reduce: mean, no.
enum class Norm { L1, L2 };
inline constexpr struct HingeFunction
    : FunctionObject<HingeFunction, Variable(const Variable&, ArrayLike)> {
  Variable operator()(const Variable& x, ArrayLike t, Norm norm = Norm::L1,
                      Reduce reduce = Reduce::mean) const;
} hinge;

// For pairs of rows at distance d: d^2 / 2 where y is 1 (similar), max(0, margin - d)^2 / 2 where y
// is 0. x0 and x1 are (N, K), y is (N). At d = 0 the gradient of the second term is 0. R. Hadsell
// and others, "Dimensionality reduction by learning an invariant mapping", 2006. Reduce: mean, no.
inline constexpr struct ContrastiveFunction
    : FunctionObject<ContrastiveFunction, Variable(const Variable&, const Variable&, ArrayLike)> {
  Variable operator()(const Variable& x0, const Variable& x1, ArrayLike y, double margin = 1,
                      Reduce reduce = Reduce::mean) const;
} contrastive;

// max(0, |anchor - positive|^2 - |anchor - negative|^2 + margin), the squared distances along
// axis 1. Reduce: mean, no.
inline constexpr struct TripletFunction
    : FunctionObject<TripletFunction, Variable(const Variable&, const Variable&, const Variable&)> {
  Variable operator()(const Variable& anchor, const Variable& positive, const Variable& negative,
                      double margin = 0.2, Reduce reduce = Reduce::mean) const;
} triplet;

// Half the sum of the squared elements of the covariance C = (y - mean(y))^T (z - mean(z)) / N
// between the columns of y (N, I) and z (N, J). Reduce: half_squared_sum, no (C itself).
inline constexpr struct CrossCovarianceFunction : BinaryFunction<CrossCovarianceFunction> {
  Variable operator()(const Variable& y, const Variable& z,
                      Reduce reduce = Reduce::half_squared_sum) const;
} cross_covariance;

// The same for h (N, I) with itself, with the diagonal set to 0. M. Cogswell and others, "Reducing
// overfitting in deep networks by decorrelating representations", 2016.
inline constexpr struct DecovFunction : UnaryFunction<DecovFunction> {
  Variable operator()(const Variable& h, Reduce reduce = Reduce::half_squared_sum) const;
} decov;

}  // namespace autograd::inline functions
