#include "autograd/functions/loss/loss.h"

#include <fmt/format.h>

#include "autograd/array/compare.h"
#include "autograd/array/cross_entropy.h"
#include "autograd/array/index.h"
#include "autograd/array/reduce.h"
#include "autograd/array/softmax.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/support/elementwise.h"
#include "autograd/functions/support/labels.h"
#include "autograd/functions/support/norm.h"
#include "autograd/graph/attributes.h"
#include "autograd/graph/kept.h"

namespace autograd::inline functions {
namespace {

void require_reduce(std::string_view op, Reduce reduce, std::initializer_list<Reduce> allowed) {
  std::string names;
  for (Reduce r : allowed) {
    if (r == reduce) return;
    names += fmt::format("{}{}",
                         names.empty()            ? ""
                         : r == allowed.end()[-1] ? " or "
                                                  : ", ",
                         name(r));
  }
  throw Error(fmt::format("{}: reduce must be {}, but it is {}", op, names, name(reduce)));
}

// The terms op(xs...) reduced. `op_name` is what error messages say.
template <class Op, class... X>
Variable reduced(std::string_view op_name, const Op& op, Reduce reduce, const X&... xs) {
  require_reduce(op_name, reduce, {Reduce::sum, Reduce::mean, Reduce::no, Reduce::batch_mean});
  if (reduce == Reduce::no) return elementwise(op, xs...);
  const Variable total = elementwise_sum(op, xs...);
  if (reduce == Reduce::sum) return total;
  Shape shape;
  ((shape = broadcast_shapes(shape, xs.shape())), ...);
  if (reduce == Reduce::mean) return total / static_cast<double>(shape.elements());
  if (shape.empty())
    throw Error(fmt::format(
        "{}: batch_mean needs an axis of the batch, but the terms have the shape ()", op_name));
  return total / static_cast<double>(shape[0]);
}

// The sum over `count`, or the terms themselves.
Variable mean_or_not(const Variable& terms, Reduce reduce, std::int64_t count) {
  return reduce == Reduce::no ? terms : sum(terms) / static_cast<double>(count);
}

void check_pair(std::string_view op, const Variable& a, const Variable& b) {
  Check(op, {{"a", a}, {"b", b}}).floats().same_shape();
}

// coeff * -sum(t log softmax(x)) along axis 1, and over all terms unless `reduce` is no. t is in
// the shape of x.
class SoftmaxCrossEntropy final : public FunctionNode {
 public:
  SoftmaxCrossEntropy(const Array& t, double coeff, Reduce reduce)
      : t_("t", t), coeff_(coeff), reduce_(reduce) {}

  static Grads gradient(const Variable& x, const Array& t, double coeff, Reduce reduce,
                        const Variable& gy) {
    const Variable weight = as_variable(array::sum(t, 1, true)), target = as_variable(t);
    Shape kept = t.shape();
    kept[1] = 1;
    const Variable g = reduce == Reduce::no ? reshape(gy, kept) : gy;
    return {(softmax(x, 1) * weight - target) * (coeff == 1 ? g : g * coeff)};
  }

 private:
  std::string_view name() const override { return "softmax_cross_entropy"; }
  std::string label() const override { return "SoftmaxCrossEntropy"; }
  Attributes attributes() const override {
    return {{"coeff", coeff_}, {"reduce", autograd::name(reduce_)}};
  }

  Array forward(const Inputs& x) override {
    retain_inputs({0});
    // A class without weight costs nothing, even where its logarithm is -inf.
    const Array &t = t_.get(name()), zero = Array::zeros({}, t.dtype());
    const Array log_p = array::where(array::equal(t, zero), zero, array::log_softmax(x[0], 1));
    const Array terms = map(ops::Mul{}, t, log_p);
    return map(ops::MulConstant{-coeff_},
               reduce_ == Reduce::no ? array::sum(terms, 1) : array::sum(terms));
  }

  Grads backward(const Variable& gy) override {
    return gradient(retained_input(0), t_.get(name()), coeff_, reduce_, gy);
  }

  Kept<Array> t_;
  double coeff_;
  Reduce reduce_;
};

// The axis of the classes last, and where it was.
Axes classes_last(int ndim) {
  std::vector<int> order{0};
  for (int axis = 2; axis < ndim; ++axis) order.push_back(axis);
  order.push_back(1);
  return Axes(order);
}
Axes classes_second(int ndim) {
  std::vector<int> order{0, ndim - 1};
  for (int axis = 1; axis + 1 < ndim; ++axis) order.push_back(axis);
  return Axes(order);
}

// The labels as targets: their class weight at the class, 0 elsewhere and where they are ignored.
Array hard_targets(const Array& labels, const Shape& shape, Dtype dtype,
                   const SoftmaxCrossEntropyOptions& options) {
  const Array flat = labels.flatten(), none = Array::scalar<std::int64_t>(0);
  const Array counts = array::not_equal(flat, Array::scalar(options.ignore_label));
  const Array classes = array::where(counts, flat, none);
  const Array weight = options.class_weight ? array::get_item(options.class_weight, {classes})
                                            : Array::full({}, 1, dtype);
  const Array values = array::where(counts, weight, Array::zeros({}, dtype));
  const Array rows =
      array::scatter({flat.size(), shape[1]}, {Array::arange(flat.size()), classes}, values);
  // (N, ..., classes), then the classes to axis 1.
  Shape last = labels.shape();
  last.push_back(shape[1]);
  return rows.reshape(last).transpose(classes_second(shape.ndim())).contiguous();
}

// The same with a class for each row. Only if a graph of the gradient is wanted, the classes become
// targets.
class ClassCrossEntropy final : public FunctionNode {
 public:
  ClassCrossEntropy(const Array& labels, double coeff, const SoftmaxCrossEntropyOptions& options)
      : labels_(labels.copy()),
        classes_{labels_.flatten(), options.ignore_label, options.class_weight},
        weight_("class_weight", options.class_weight),
        coeff_(coeff),
        options_(options) {}

 private:
  std::string_view name() const override { return "softmax_cross_entropy"; }
  std::string label() const override { return "SoftmaxCrossEntropy"; }
  Attributes attributes() const override {
    return {{"normalize", options_.normalize},
            {"ignore_label", options_.ignore_label},
            {"reduce", autograd::name(options_.reduce)},
            {"coeff", coeff_}};
  }

  Array forward(const Inputs& x) override {
    retain_inputs({0});
    found_ = array::cross_entropy(rows(x[0]), classes_);
    return options_.reduce == Reduce::no ? found_.terms.reshape(labels_.shape())
                                         : map(ops::MulConstant{coeff_}, array::sum(found_.terms));
  }

  Grads backward(const Variable& gy) override {
    const Variable x = retained_input(0);
    weight_.get(name());  // classes_ and options_ have it, too
    if (config().enable_backprop)
      return SoftmaxCrossEntropy::gradient(x, hard_targets(labels_, x.shape(), x.dtype(), options_),
                                           coeff_, options_.reduce, gy);
    const Array gx = array::cross_entropy_gradient(rows(x.array()), classes_, found_,
                                                   gy.array().flatten(), coeff_);
    Shape last = labels_.shape();
    last.push_back(x.length(1));
    return {Variable(gx.reshape(last).transpose(classes_second(x.ndim())).contiguous())};
  }

  Array rows(const Array& x) const {
    return x.transpose(classes_last(x.ndim())).reshape({labels_.size(), x.length(1)});
  }

  Array labels_;  // a copy, so that they stay checked
  array::Classes classes_;
  Kept<Array> weight_;
  double coeff_;
  SoftmaxCrossEntropyOptions options_;
  array::CrossEntropy found_;
};

Variable covariance(const Variable& y, const Variable& z) {
  const double scale = 1 / static_cast<double>(y.length(0));
  const auto centered = [&](const Variable& x) { return x - sum(x, 0, true) * scale; };
  return matmul(centered(y), centered(z), true) * scale;
}

Variable half_squared_sum_or_not(const Variable& x, Reduce reduce) {
  return reduce == Reduce::no ? x : sum(square(x)) * 0.5;
}

}  // namespace

std::string_view name(Reduce reduce) {
  switch (reduce) {
    case Reduce::sum:
      return "sum";
    case Reduce::mean:
      return "mean";
    case Reduce::no:
      return "no";
    case Reduce::batch_mean:
      return "batch_mean";
    case Reduce::sum_along_second_axis:
      return "sum_along_second_axis";
    case Reduce::half_squared_sum:
      break;
  }
  return "half_squared_sum";
}

Variable BernoulliNllFunction::operator()(const Variable& x, const Variable& y,
                                          Reduce reduce) const {
  return reduced("bernoulli_nll", ops::BernoulliNll{}, reduce, x, y);
}

Variable BernoulliLogProbFunction::operator()(const Variable& logit, const Variable& x,
                                              bool binary_check) const {
  return elementwise(ops::BernoulliLogProb{binary_check}, logit, x);
}

Variable GaussianNllFunction::operator()(const Variable& x, const Variable& mean,
                                         const Variable& ln_var, Reduce reduce) const {
  return reduced("gaussian_nll", ops::GaussianNll{}, reduce, x, mean, ln_var);
}

Variable GaussianKlDivergenceFunction::operator()(const Variable& mean, const Variable& ln_var,
                                                  Reduce reduce) const {
  return reduced("gaussian_kl_divergence", ops::GaussianKl{}, reduce, mean, ln_var);
}

Variable MeanSquaredErrorFunction::operator()(const Variable& a, const Variable& b,
                                              Reduce reduce) const {
  check_pair("mean_squared_error", a, b);
  return reduced("mean_squared_error", ops::SquaredError{}, reduce, a, b);
}

Variable MeanAbsoluteErrorFunction::operator()(const Variable& a, const Variable& b,
                                               Reduce reduce) const {
  check_pair("mean_absolute_error", a, b);
  return reduced("mean_absolute_error", ops::AbsoluteError{}, reduce, a, b);
}

Variable squared_error(const Variable& a, const Variable& b) {
  check_pair("squared_error", a, b);
  return elementwise(ops::SquaredError{}, a, b);
}

Variable squared_difference(const Variable& a, const Variable& b) { return squared_error(a, b); }

Variable absolute_error(const Variable& a, const Variable& b) {
  check_pair("absolute_error", a, b);
  return elementwise(ops::AbsoluteError{}, a, b);
}

Variable huber_loss(const Variable& x, const Variable& t, double delta, Reduce reduce) {
  require_reduce("huber_loss", reduce, {Reduce::sum_along_second_axis, Reduce::no});
  Check("huber_loss", {{"x", x}, {"t", t}})
      .floats()
      .same_shape()
      .that(reduce == Reduce::no || x.ndim() >= 2, "sum_along_second_axis needs a second axis");
  if (!(delta > 0))
    throw Error(fmt::format("huber_loss: delta must be positive, but it is {}", delta));
  const Variable terms = elementwise(ops::Huber{delta}, x, t);
  return reduce == Reduce::no ? terms : sum(terms, 1);
}

Variable SigmoidCrossEntropyFunction::operator()(const Variable& x, ArrayLike given, bool normalize,
                                                 Reduce reduce) const {
  const Array& t = given.array();
  require_reduce("sigmoid_cross_entropy", reduce, {Reduce::mean, Reduce::no});
  Check("sigmoid_cross_entropy", {{"x", x}, {"t", t}})
      .that(is_float(x.dtype()), "x must be float32 or float64")
      .that(is_integer(t.dtype()), "t must be an array of integer labels")
      .same_shape();
  const Array labels = t.astype(Dtype::int64);
  labels::require_between("sigmoid_cross_entropy", labels, -1, 1);
  // The op tells the ignored ones by their label.
  const ops::SigmoidCrossEntropy op;
  const Variable target = as_variable(t.astype(x.dtype()));
  if (reduce == Reduce::no) return elementwise(op, x, target);
  const std::int64_t count = normalize       ? labels::count_other(labels, -1)
                             : x.ndim() == 0 ? std::int64_t{1}
                                             : x.length(0);
  return elementwise_sum(op, x, target) / static_cast<double>(std::max(count, std::int64_t{1}));
}

Variable SoftmaxCrossEntropyFunction::operator()(const Variable& x, ArrayLike given,
                                                 const SoftmaxCrossEntropyOptions& options) const {
  const Array& t = given.array();
  constexpr std::string_view op = "softmax_cross_entropy";
  require_reduce(op, options.reduce, {Reduce::mean, Reduce::no});
  const auto fail_unless = [&](bool holds, std::string_view rule) {
    Check(op, {{"x", x}, {"t", t}}).that(holds, rule);
  };
  fail_unless(is_float(x.dtype()) && x.ndim() >= 2, "x must hold floats (N, classes, ...)");
  const bool mean = options.reduce == Reduce::mean;
  const std::int64_t classes = x.length(1);

  if (is_float(t.dtype())) {
    fail_unless(t.dtype() == x.dtype() && t.shape() == x.shape(),
                "soft targets must have the dtype and shape of x");
    if (options.class_weight)
      throw Error("softmax_cross_entropy: soft targets have no class_weight, but one is given");
    const double coeff = mean ? static_cast<double>(classes) / static_cast<double>(x.size()) : 1;
    const Variable loss = apply<SoftmaxCrossEntropy>({x}, t, coeff, options.reduce);
    if (!options.kl_divergence) return loss;
    const Array terms = map(ops::Mul{}, t, map(ops::Log{}, map(ops::AddConstant{1e-7}, t)));
    return loss +
           Variable(map(ops::MulConstant{coeff}, mean ? array::sum(terms) : array::sum(terms, 1)));
  }

  Shape expected = x.shape();
  expected.erase(1);
  fail_unless(is_integer(t.dtype()) && t.shape() == expected,
              "t must hold integer labels in the shape of x without axis 1");
  if (options.class_weight)
    Check(op, {{"x", x}, {"class_weight", options.class_weight}})
        .floats()
        .that(options.class_weight.ndim() == 1 && options.class_weight.length(0) == classes,
              "class_weight must hold one number for each class");
  const Array labels = t.astype(Dtype::int64);
  const std::int64_t valid =
      labels::require_between(op, labels, 0, classes - 1, options.ignore_label);
  const std::int64_t count = options.normalize ? valid : x.length(0);
  const double coeff = mean ? 1 / static_cast<double>(std::max(count, std::int64_t{1})) : 1;
  return apply<ClassCrossEntropy>({x}, labels, coeff, options);
}

Variable HingeFunction::operator()(const Variable& x, ArrayLike given, Norm norm,
                                   Reduce reduce) const {
  const Array& t = given.array();
  require_reduce("hinge", reduce, {Reduce::mean, Reduce::no});
  Check("hinge", {{"x", x}, {"t", t}})
      .that(is_float(x.dtype()) && x.ndim() == 2, "x must be a matrix of floats")
      .that(is_integer(t.dtype()) && t.ndim() == 1 && t.length(0) == x.length(0),
            "t must hold one integer label for each row of x");
  const Array labels = t.astype(Dtype::int64);
  labels::require_between("hinge", labels, 0, x.length(1) - 1);
  // -s: 1 everywhere but at the row's class.
  const Array sign = array::where(labels::one_hot(labels, x.length(1)),
                                  Array::full({}, -1, x.dtype()), Array::full({}, 1, x.dtype()));
  const Variable distance = relu(sign * x + 1);
  return mean_or_not(norm == Norm::L1 ? distance : square(distance), reduce, x.length(0));
}

Variable ContrastiveFunction::operator()(const Variable& x0, const Variable& x1, ArrayLike given,
                                         double margin, Reduce reduce) const {
  const Array& y = given.array();
  require_reduce("contrastive", reduce, {Reduce::mean, Reduce::no});
  if (!(margin > 0))
    throw Error(fmt::format("contrastive: margin must be positive, but it is {}", margin));
  Check("contrastive", {{"x0", x0}, {"x1", x1}}).floats().same_shape().ndim(2);
  Check("contrastive", {{"x0", x0}, {"y", y}})
      .that(is_integer(y.dtype()) && y.ndim() == 1 && y.length(0) == x0.length(0),
            "y must hold one integer for each row of x0");
  const Array labels = y.astype(Dtype::int64);
  labels::require_between("contrastive", labels, 0, 1);
  const Array similar = array::equal(labels, Array::full({}, 1, Dtype::int64));
  const Variable squared = sum(square(x0 - x1), 1);
  const Variable distance = reshape(euclidean_norm(x0 - x1, 1), squared.shape());
  const Variable terms = where(similar, squared, square(relu(margin - distance))) * 0.5;
  return mean_or_not(terms, reduce, x0.length(0));
}

Variable TripletFunction::operator()(const Variable& anchor, const Variable& positive,
                                     const Variable& negative, double margin, Reduce reduce) const {
  require_reduce("triplet", reduce, {Reduce::mean, Reduce::no});
  if (!(margin > 0))
    throw Error(fmt::format("triplet: margin must be positive, but it is {}", margin));
  Check("triplet", {{"anchor", anchor}, {"positive", positive}, {"negative", negative}})
      .floats()
      .same_shape()
      .that(anchor.ndim() >= 2, "anchor must have at least 2 axes");
  const Variable terms =
      relu(sum(square(anchor - positive) - square(anchor - negative), 1) + margin);
  return mean_or_not(terms, reduce, anchor.length(0));
}

Variable CrossCovarianceFunction::operator()(const Variable& y, const Variable& z,
                                             Reduce reduce) const {
  require_reduce("cross_covariance", reduce, {Reduce::half_squared_sum, Reduce::no});
  Check("cross_covariance", {{"y", y}, {"z", z}})
      .floats()
      .ndim(2)
      .that(y.length(0) == z.length(0), "y and z must have the same number of rows");
  return half_squared_sum_or_not(covariance(y, z), reduce);
}

Variable DecovFunction::operator()(const Variable& h, Reduce reduce) const {
  require_reduce("decov", reduce, {Reduce::half_squared_sum, Reduce::no});
  Check("decov", {{"h", h}}).floats().ndim(2);
  const Array index = Array::arange(h.length(1));
  const Array diagonal = array::equal(index.expand_dims(0), index.expand_dims(1));
  const Variable zero = as_variable(Array::zeros({}, h.dtype()));
  return half_squared_sum_or_not(where(diagonal, zero, covariance(h, h)), reduce);
}

}  // namespace autograd::inline functions
