// A function, and its arguments: numbers, shapes, dtypes, and how arrays lie in memory.
//
// The input is the function's name, the end of the line, kHeader bytes that concern all arguments,
// and kBytes bytes for each argument, in the order of their names. What is missing counts as 0,
// which gives the ordinary argument. A name that there is not stands for some function.
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "autograd/autograd.h"
#include "tests/calls/arguments.h"
#include "tests/fuzz/require.h"

// What is larger is refused, as it is where memory ends. libFuzzer itself wants 20 MB.
extern "C" const char* __asan_default_options() {
  return "allocator_may_return_null=1:max_allocation_size_mb=32";
}

namespace {

using namespace autograd;
using calls::Call;
using calls::Int;
using calls::Number;

constexpr std::size_t kHeader = 8, kBytes = 6;
constexpr Int kMostElements = 1 << 16;  // of a result that is looked at

using Keys = std::map<std::string, std::size_t>;
std::string key_of(const Number& number) {
  return number.argument + "[" + std::to_string(number.part) + "]";
}

// Notes which arguments a call asks for.
class Asked : public calls::Ordinary {
 public:
  Keys keys;

  int choice(const std::string& name, int) override { return note("choice " + name), 0; }
  double real(const std::string& name, double ordinary) override {
    return note("real " + name), ordinary;
  }
  Array array(const std::string& name, const Shape& ordinary) override {
    return note("array " + name), Ordinary::array(name, ordinary);
  }
  Array booleans(const std::string& name, const Shape& ordinary) override {
    return note("array " + name), Ordinary::booleans(name, ordinary);
  }

 protected:
  Int draw(const Number& number) override { return note(key_of(number)), number.ordinary; }
  Array integers(const std::string& name, const std::vector<Int>& numbers,
                 const Shape& ordinary) override {
    return note("array " + name), Ordinary::integers(name, numbers, ordinary);
  }

 private:
  void note(const std::string& key) { keys.emplace(key, 0); }
};

Keys keys_of(const Call& call) {
  Asked asked;
  call.call(asked);
  std::size_t place = 0;
  for (auto& [key, at] : asked.keys) at = place++;
  return asked.keys;
}

// The same elements at other places in memory.
Array laid_out(const Array& a, int way) {
  if (a.ndim() == 0 || a.size() == 0) return a;
  const int last = a.ndim() - 1;
  const Int n = a.length(last);
  Shape longer = a.shape();
  switch (way % 6) {
    case 1:
      return a.transpose().copy().transpose();
    case 2: {  // every second element
      longer[last] = 2 * n;
      Array whole = Array::zeros(longer, a.dtype());
      whole.slice(last, 0, n, 2).assign(a);
      return whole.slice(last, 0, n, 2);
    }
    case 3:
      return a.slice(last, n - 1, n, -1).copy().slice(last, n - 1, n, -1);  // backwards
    case 4:
      return a.slice(0, 0, 1).broadcast_to(a.shape());  // the first row again and again
    case 5: {                                           // from the second row on
      longer[0] += 1;
      Array whole = Array::zeros(longer, a.dtype());
      whole.slice(0, 1, a.length(0)).assign(a);
      return whole.slice(0, 1, a.length(0));
    }
    default:
      return a;
  }
}

// The bytes of one argument.
struct Bytes {
  std::string_view all;
  std::size_t begin;

  int operator()(std::size_t i) const {
    return begin + i < all.size() ? static_cast<unsigned char>(all[begin + i]) : 0;
  }
};

class Drawn : public calls::Arguments {
 public:
  // With `copied`, all arrays lie in C order.
  Drawn(const Keys& keys, std::string_view bytes, bool copied)
      : keys_(keys), bytes_(bytes), copied_(copied) {}

  int header(std::size_t i) const { return Bytes{bytes_, 0}(i); }
  // Whether all numbers in the arrays are of ordinary size.
  bool ordinary_numbers() const { return ordinary_numbers_; }

  int choice(const std::string& name, int n) override { return at("choice " + name)(0) % n; }

  double real(const std::string& name, double ordinary) override {
    constexpr double kInf = std::numeric_limits<double>::infinity();
    constexpr double kReals[] = {
        0,    -0.0,  1,     -1,      0.5,    -0.5,
        2,    3,     1e-30, 1e30,    1e-300, 1e300,
        kInf, -kInf, 1e-7,  0.99999, -1e30,  std::numeric_limits<double>::quiet_NaN()};
    const auto byte = at("real " + name);
    if (byte(0) == 0) return ordinary;
    ordinary_numbers_ = false;
    return kReals[static_cast<std::size_t>(byte(0) - 1) % std::size(kReals)];
  }

  Array array(const std::string& name, const Shape& ordinary) override {
    const auto byte = at("array " + name);
    Dtype dtype = header(4) & 2 ? Dtype::float64 : Dtype::float32;
    if (byte(4) == 255) dtype = dtype == Dtype::float32 ? Dtype::float64 : Dtype::float32;
    if (byte(4) == 254) dtype = Dtype::int32;
    const Shape shape = changed(mapped(ordinary), byte);
    Array a = Array::empty(shape, Dtype::float64);
    double* p = a.mutable_data<double>();
    for (Int i = 0; i < a.size(); ++i) p[i] = element(byte(3), i);
    if (byte(3) % 8 >= 5) ordinary_numbers_ = false;
    return placed(a.astype(dtype), byte(5));
  }

  Array booleans(const std::string& name, const Shape& ordinary) override {
    const auto byte = at("array " + name);
    Array a = Array::empty(changed(mapped(ordinary), byte), Dtype::bool_);
    bool* p = a.mutable_data<bool>();
    for (Int i = 0; i < a.size(); ++i) p[i] = byte(3) == 0 || (byte(3) * (i + 1)) % 7 < 3;
    return placed(a, byte(5));
  }

 protected:
  Int draw(const Number& number) override {
    constexpr Int kEnds[] = {std::numeric_limits<Int>::min(),
                             -(Int{1} << 32),
                             std::numeric_limits<int>::min(),
                             std::numeric_limits<int>::max(),
                             Int{1} << 31,
                             Int{1} << 32,
                             Int{1} << 61,
                             Int{1} << 62,
                             std::numeric_limits<Int>::max()};
    const auto byte = at(key_of(number));
    Int n = number.ordinary;
    if (byte(0) == 0) {
      if ((header(4) & 1) && number.ndim < 0) n = mapped(n);
    } else if (byte(0) < 240) {
      n = static_cast<signed char>(byte(1)) % 16;
    } else {
      n = kEnds[static_cast<std::size_t>(byte(1)) % std::size(kEnds)];
    }
    return number.is_int ? static_cast<int>(n) : n;
  }

  Array integers(const std::string& name, const std::vector<Int>& numbers,
                 const Shape& ordinary) override {
    const auto byte = at("array " + name);
    Array a = Array::empty(changed(mapped(ordinary), byte), Dtype::int64);
    Int* p = a.mutable_data<Int>();
    for (Int i = 0; i < a.size(); ++i) p[i] = numbers[static_cast<std::size_t>(i) % numbers.size()];
    constexpr Dtype kDtypes[] = {Dtype::int64, Dtype::int32, Dtype::uint8, Dtype::bool_};
    return placed(a.astype(kDtypes[byte(4) % 4]), byte(5));
  }

 private:
  Bytes at(const std::string& key) const {
    const auto found = keys_.find(key);
    fuzz::require(found != keys_.end(), "a call must ask for the same arguments each time");
    return {bytes_, kHeader + kBytes * found->second};
  }

  // Lengths that are alike stay so.
  Int mapped(Int length) const {
    if (length < 2 || length > 5) return length;
    const int other = header(static_cast<std::size_t>(length - 2));
    return other == 0 ? length : other % 7;
  }
  Shape mapped(Shape shape) const {
    for (Int& length : shape) length = mapped(length);
    return shape;
  }
  static Shape changed(Shape shape, const Bytes& byte) {
    if (byte(0) < 128) return shape;
    const int axis = shape.ndim() == 0 ? 0 : byte(1) % shape.ndim();
    switch (byte(0) % 4) {
      case 0:
        if (shape.ndim() > 0) shape[axis] = byte(2) % 7;
        break;
      case 1:
        if (shape.ndim() < kMaxDims) shape.insert(axis, byte(2) % 4);
        break;
      case 2:
        if (shape.ndim() > 0) shape.erase(axis);
        break;
      default:
        if (shape.ndim() > 0) shape[axis] = 1;
    }
    return shape;
  }

  double element(int kind, Int i) const {
    constexpr double kInf = std::numeric_limits<double>::infinity();
    // Eighths in [-2, 2): sums of them round nothing.
    const double usual = static_cast<double>((i * (5 + 2 * (kind / 8)) + header(5)) % 32) / 8 - 2;
    switch (kind % 8) {
      case 0:
        return usual == 0 ? 0.125 : usual;
      case 1:
        return std::abs(usual) + 0.125;
      case 2:
        return std::abs(usual) / 2;  // in [0, 1]
      case 3:
        return 0;
      case 4:
        return usual;
      case 5:
        return i % 3 == 1 ? kInf : i % 5 == 2 ? -kInf : usual;
      case 6:
        return i % 2 == 1 ? std::numeric_limits<double>::quiet_NaN() : usual;
      default:
        return usual * (i % 2 == 0 ? 1e30 : 1e-30);
    }
  }

  Array placed(const Array& a, int way) const {
    const Array view = laid_out(a, way);
    return copied_ ? view.copy() : view;
  }

  const Keys& keys_;
  std::string_view bytes_;
  bool copied_, ordinary_numbers_ = true;
};

// What a call gives: the message of its Error, or results and gradients.
struct Outcome {
  std::string refused;
  Arrays results, gradients;
  bool comparable = false;
};

Array pattern(const Shape& shape) {
  Array a = Array::empty(shape, Dtype::float64);
  double* p = a.mutable_data<double>();
  for (Int i = 0; i < a.size(); ++i) p[i] = static_cast<double>(i % 5) / 4 - 0.25;
  return a;
}

// A weighted sum of all results.
Variable total_of(const Variables& ys) {
  Variable total;
  for (const Variable& y : ys) {
    if (!y || !is_float(y.dtype()) || y.size() > kMostElements) continue;
    const Variable part = sum(cast(y, Dtype::float64) * pattern(y.shape()));
    total = total ? total + part : part;
  }
  return total;
}

void take_gradients(const Variables& inputs, Arrays& to) {
  for (const Variable& x : inputs) {
    const Array g = x.grad();
    if (g)
      fuzz::require(g.shape() == x.shape() && g.dtype() == x.dtype(),
                    "a gradient must have the shape and the dtype of its input");
    to.push_back(g);
  }
}

Outcome outcome_of(const Call& call, const Keys& keys, std::string_view bytes, bool copied) {
  Outcome outcome;
  Drawn arguments(keys, bytes, copied);
  const auto train = using_config(&Config::train, !(arguments.header(4) & 4));
  random::seed(0);
  try {
    const Variables ys = call.call(arguments);
    for (const Variable& y : ys)
      outcome.results.push_back(y && y.size() <= kMostElements ? y.array().copy() : Array());
    const Variable total = total_of(ys);
    if (total && total.requires_grad()) {
      const bool again = arguments.header(4) & 8;
      total.backward({.enable_double_backprop = again});
      take_gradients(arguments.inputs(), outcome.gradients);
      if (again) {
        Variables gradients;
        for (const Variable& x : arguments.inputs())
          if (x.grad()) gradients.push_back(x.grad_var());
        const Variable second = total_of(gradients);
        for (Variable x : arguments.inputs()) x.cleargrad();
        if (second && second.requires_grad()) {
          second.backward();
          take_gradients(arguments.inputs(), outcome.gradients);
        }
      }
    }
  } catch (const Error& error) {
    fuzz::require_sentence(error.what());
    outcome.refused = error.what();
  }
  outcome.comparable = arguments.ordinary_numbers();
  return outcome;
}

// Sums in another order differ by some units of rounding of the largest number.
bool near(const Array& a, const Array& b) {
  const std::vector<double> p = a.to_vector<double>(), q = b.to_vector<double>();
  double largest = 1;
  for (const std::vector<double>* all : {&p, &q})
    for (const double v : *all) {
      if (!std::isfinite(v)) return true;  // there is no telling how near that was to another
      largest = std::max(largest, std::abs(v));
    }
  const double most = largest * (a.dtype() == Dtype::float64 ? 1e-10 : 1e-3);
  for (std::size_t i = 0; i < p.size(); ++i)
    if (std::abs(p[i] - q[i]) > most) return false;
  return true;
}

void require_alike(const Arrays& a, const Arrays& b, bool values) {
  fuzz::require(a.size() == b.size(), "views and copies must give as many results");
  for (std::size_t i = 0; i < a.size(); ++i) {
    fuzz::require(static_cast<bool>(a[i]) == static_cast<bool>(b[i]),
                  "views and copies must give the same results");
    if (!a[i]) continue;
    fuzz::require(a[i].shape() == b[i].shape() && a[i].dtype() == b[i].dtype(),
                  "views and copies must give results of one shape and dtype");
    fuzz::require(!values || near(a[i], b[i]), "views and copies must give the same numbers");
  }
}

// Here rounding may be amplified without bound.
bool is_ill_conditioned(const std::string& name) {
  return name.find("inv") != std::string::npos || name.find("det") != std::string::npos ||
         name == "r2_score" || name == "cholesky" || name == "decorrelated_batch_normalization";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const calls::Calls all = calls::functions();
  static const std::vector<Keys> keys = [] {
    std::vector<Keys> list;
    for (const Call& call : all) list.push_back(keys_of(call));
    return list;
  }();

  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view name = input.substr(0, input.find('\n'));
  // "pow" is the first of its name, "pow 1" the second.
  std::map<std::string, int> count;
  std::optional<std::size_t> chosen;
  std::size_t mixed = 0;
  for (const char c : name) mixed = mixed * 31 + static_cast<unsigned char>(c);
  for (std::size_t i = 0; i < all.size() && !chosen; ++i) {
    const int before = count[all[i].name]++;
    if (name == (before == 0 ? all[i].name : all[i].name + " " + std::to_string(before)))
      chosen = i;
  }
  const std::size_t i = chosen.value_or(mixed % all.size());
  const std::string_view bytes =
      name.size() < input.size() ? input.substr(name.size() + 1) : std::string_view();

  const Outcome views = outcome_of(all[i], keys[i], bytes, false);
  const Outcome copies = outcome_of(all[i], keys[i], bytes, true);
  const bool refused = !views.refused.empty();
  fuzz::require(refused == !copies.refused.empty(), "views must be taken where copies are");
  const bool values = views.comparable && !is_ill_conditioned(all[i].name);
  if (refused) return 0;
  require_alike(views.results, copies.results, values);
  require_alike(views.gradients, copies.gradients, values);
  return 0;
}
