#include "tests/golden_runner/made_values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <memory>

#include "autograd/base/error.h"
#include "autograd/base/random.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/trigonometric.h"
#include "nn/initializers/initializers.h"
#include "nn/initializers/orthogonal.h"
#include "nn/initializers/sampling.h"

namespace golden {

using autograd::Dtype;
using autograd::Error;

void require_all_read(const Arguments& arguments) {
  if (const std::vector<std::string> unread = arguments.unread(); !unread.empty())
    throw Error(fmt::format("{}: the runner must read every argument, but it does not read {}",
                            arguments.call().callee(), fmt::join(unread, ", ")));
}

Dtype dtype_of(const Expression& e) {
  const std::string name = e.kind == Expression::Kind::attribute || e.kind == Expression::Kind::name
                               ? e.text
                               : literal(e).text();
  static const std::map<std::string, Dtype> kNames{
      {"f", Dtype::float32},   {"f4", Dtype::float32},      {"d", Dtype::float64},
      {"f8", Dtype::float64},  {"float", Dtype::float64},   {"i", Dtype::int32},
      {"i4", Dtype::int32},    {"i8", Dtype::int64},        {"int", Dtype::int64},
      {"?", Dtype::bool_},     {"bool", Dtype::bool_},      {"bool_", Dtype::bool_},
      {"u1", Dtype::uint8},    {"uint8", Dtype::uint8},     {"int32", Dtype::int32},
      {"int64", Dtype::int64}, {"float32", Dtype::float32}, {"float64", Dtype::float64}};
  const auto found = kNames.find(name);
  if (found == kNames.end()) throw NotBuilt{name};
  return found->second;
}

namespace {

Shape shape_of(const Value& v) {
  Shape shape;
  for (const int n : v.integers()) shape.push_back(n);
  return shape;
}

// The numbers of nested lists, in order, and the lengths of the lists.
void flatten(const Value& v, int depth, std::vector<double>& numbers, std::vector<int>& lengths) {
  if (!v.is(Value::Kind::list))
    return numbers.push_back(v.is(Value::Kind::boolean) ? v.flag() : v.number());
  if (depth == static_cast<int>(lengths.size()))
    lengths.push_back(static_cast<int>(v.items().size()));
  for (const Value& item : v.items()) flatten(item, depth + 1, numbers, lengths);
}
bool has_fraction(const Expression& e) {
  if (e.kind == Expression::Kind::literal)
    return e.value.is(Value::Kind::number) && e.text.find_first_of(".e") != std::string::npos;
  for (const Expression& part : e.parts)
    if (has_fraction(part)) return true;
  return false;
}

Array with_dtype(const Array& a, Arguments& arguments, std::size_t position, Dtype otherwise) {
  const Expression* e = arguments.find(position, "dtype");
  return a.astype(e ? dtype_of(*e) : otherwise);
}

Array made_array(Arguments& a) {
  const std::string& name = a.call().callee();
  if (name == "arange") {
    const std::size_t count = a.call().positional();
    const double first = count > 1 ? a.literal(0, "").number() : 0;
    const double stop = a.literal(count > 1 ? 1 : 0, "stop").number();
    const double step = count > 2 ? a.literal(2, "step").number() : 1;
    std::vector<double> values;
    for (int i = 0; first + i * step < stop; ++i) values.push_back(first + i * step);
    return with_dtype(Array::from(std::span<const double>(values)), a, 3, Dtype::int64);
  }
  if (name == "ones" || name == "zeros") {
    const Array filled =
        Array::full(shape_of(a.literal(0, "shape")), name == "ones" ? 1 : 0, Dtype::float64);
    return with_dtype(filled, a, 1, Dtype::float64);
  }
  if (name == "full") {
    const Shape shape = shape_of(a.literal(0, "shape"));
    return with_dtype(Array::full(shape, a.literal(1, "fill_value").number(), Dtype::float64), a, 2,
                      Dtype::float64);
  }
  if (name == "eye" || name == "identity") {
    const int n = a.literal(0, "N").integer();
    return with_dtype(nn::initializers::Identity()({n, n}, Dtype::float64), a,
                      name == "eye" ? 3 : 1, Dtype::float64);
  }
  if (name == "array" || name == "asarray") {
    const Expression* e = a.find(0, "object");
    std::vector<double> numbers;
    std::vector<int> lengths;
    flatten(literal(*e), 0, numbers, lengths);
    Shape shape;
    for (const int n : lengths) shape.push_back(n);
    return with_dtype(Array::from(std::span<const double>(numbers), shape), a, 1,
                      has_fraction(*e) ? Dtype::float64 : Dtype::int64);
  }
  throw NotBuilt{"np." + name};
}

}  // namespace

bool makes_array(const Expression& e) {
  if (e.kind != Expression::Kind::call) return false;
  const Expression& callee = e.parts[0];
  if (callee.kind != Expression::Kind::attribute) return false;
  const Expression& of = callee.parts[0];
  return of.text == "np" || of.text == "numpy" || makes_array(of);
}

Array array_of(const Expression& e) {
  if (e.kind != Expression::Kind::call)
    throw Error("manifest: an array is expected, but there is something else");
  Arguments arguments(e);
  const Expression& callee = e.parts[0];
  Array result;
  if (callee.kind == Expression::Kind::attribute &&
      callee.parts[0].kind == Expression::Kind::call) {  // a method of an array
    const Array a = array_of(callee.parts[0]);
    if (callee.text == "reshape") {
      Shape shape;
      for (std::size_t i = 0; i < e.positional(); ++i)
        for (const int n : arguments.literal(i, "").integers()) shape.push_back(n);
      result = a.reshape(shape);
    } else if (callee.text == "astype") {
      result = a.astype(dtype_of(*arguments.find(0, "dtype")));
    } else {
      throw NotBuilt{"an array's " + callee.text};
    }
  } else {
    result = made_array(arguments);
  }
  require_all_read(arguments);
  return result;
}

namespace {

// np.random.RandomState(5); lives as long as the program.
autograd::random::Generator* generator_of(const Expression* e) {
  if (!e || (e->kind == Expression::Kind::literal && e->value.is(Value::Kind::null)))
    return nullptr;
  static std::vector<std::unique_ptr<autograd::random::Generator>> all;
  Arguments arguments(*e);
  if (arguments.call().callee() != "RandomState") throw NotBuilt{arguments.call().callee()};
  all.push_back(std::make_unique<autograd::random::Generator>(
      static_cast<std::uint32_t>(arguments.literal(0, "seed").integer())));
  require_all_read(arguments);
  return all.back().get();
}

nn::Initializer drawn(Arguments& a) {
  namespace I = nn::initializers;
  const std::string& name = a.call().callee();
  const auto generator = [&] { return generator_of(a.find(99, "rng")); };
  // What I.HeNormal and the like have in common.
  const auto by_fan = [&](nn::Initializer (*f)(const I::RandomOptions&)) {
    return f({.scale = a.number(0, "scale", 1), .generator = generator()});
  };
  if (name == "Normal") return I::Normal(a.number(0, "scale", 0.05), generator());
  if (name == "Uniform") return I::Uniform(a.number(0, "scale", 0.05), generator());
  if (name == "LeCunNormal") return by_fan(I::LeCunNormal);
  if (name == "LeCunUniform") return by_fan(I::LeCunUniform);
  if (name == "GlorotNormal") return by_fan(I::GlorotNormal);
  if (name == "GlorotUniform") return by_fan(I::GlorotUniform);
  if (name == "HeUniform") return by_fan(I::HeUniform);
  if (name == "HeNormal") {
    const std::string fan = a.literal(2, "fan_option").text("fan_in");
    if (fan != "fan_in" && fan != "fan_out") throw Error("HeNormal: there is no such fan_option");
    return I::HeNormal({.scale = a.number(0, "scale", 1),
                        .fan_option = fan == "fan_in" ? I::Fan::in : I::Fan::out,
                        .generator = generator()});
  }
  if (name == "Orthogonal") {
    static const std::map<std::string, I::OrthogonalMode> kModes{
        {"auto", I::OrthogonalMode::automatic},
        {"projection", I::OrthogonalMode::projection},
        {"embedding", I::OrthogonalMode::embedding},
        {"basis", I::OrthogonalMode::basis}};
    const auto mode = kModes.find(a.literal(2, "mode").text("auto"));
    if (mode == kModes.end()) throw Error("Orthogonal: there is no such mode");
    return I::Orthogonal(
        {.scale = a.number(0, "scale", 1.1), .mode = mode->second, .generator = generator()});
  }
  if (name == "UpsamplingDeconvFilter" || name == "DownsamplingConvFilter") {
    if (a.literal(0, "interpolation").text("linear") != "linear")
      throw Error(name + ": there is no such interpolation");
    return name == "UpsamplingDeconvFilter" ? I::UpsamplingDeconvFilter()
                                            : I::DownsamplingConvFilter();
  }
  if (name == "Identity") return I::Identity(a.number(0, "scale", 1));
  if (name == "Zero") return I::Zero();
  if (name == "One") return I::One();
  if (name == "NaN") return I::NaN();
  if (name == "Constant") return initializer_of(a.find(0, "fill_value"));
  throw NotBuilt{"I." + name};
}

// Where the dtype stands among the arguments.
std::size_t dtype_position(const std::string& name) {
  return name == "Zero" || name == "One" || name == "NaN" ? 0 : 1;
}

}  // namespace

nn::Initializer initializer_of(const Expression* e) {
  if (!e) return {};
  if (e->kind == Expression::Kind::call) {
    if (makes_array(*e)) return array_of(*e);
    Arguments arguments(*e);
    nn::Initializer made = drawn(arguments);
    if (const Expression* dtype =
            arguments.find(dtype_position(arguments.call().callee()), "dtype");
        dtype && dtype->text != "None" &&
        !(dtype->kind == Expression::Kind::literal && dtype->value.is(Value::Kind::null)))
      made = made.with_dtype(dtype_of(*dtype));
    require_all_read(arguments);
    return made;
  }
  const Value v = literal(*e);
  return v.is(Value::Kind::null) ? nn::Initializer() : nn::Initializer(v.number());
}

std::function<Variable(const Variable&)> function_of(const Expression* e) {
  namespace F = autograd;
  if (!e || (e->kind == Expression::Kind::literal && e->value.is(Value::Kind::null))) return {};
  static const std::map<std::string, std::function<Variable(const Variable&)>> kFunctions{
      {"relu", [](const Variable& x) { return F::relu(x); }},
      {"tanh", [](const Variable& x) { return F::tanh(x); }},
      {"sigmoid", [](const Variable& x) { return F::sigmoid(x); }},
      {"elu", [](const Variable& x) { return F::elu(x); }},
      {"relu6", [](const Variable& x) { return F::relu6(x); }},
      {"leaky_relu", [](const Variable& x) { return F::leaky_relu(x); }},
      {"clipped_relu", [](const Variable& x) { return F::clipped_relu(x); }},
      {"hard_sigmoid", [](const Variable& x) { return F::hard_sigmoid(x); }},
      {"softplus", [](const Variable& x) { return F::softplus(x); }},
      {"softmax", [](const Variable& x) { return F::softmax(x); }},
      {"log_softmax", [](const Variable& x) { return F::log_softmax(x); }},
      {"identity", [](const Variable& x) { return F::identity(x); }},
      {"exp", [](const Variable& x) { return F::exp(x); }},
      {"sin", [](const Variable& x) { return F::sin(x); }},
      {"cos", [](const Variable& x) { return F::cos(x); }},
  };
  const auto found = kFunctions.find(e->text);
  if (found == kFunctions.end()) throw NotBuilt{"a link with " + e->text};
  return found->second;
}

}  // namespace golden
