#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include "autograd/graph/variable.h"

// Checks that a function's backward computes the derivative of its forward; Chainer's
// gradient_check.
//
//   check_backward([](const Variable& x) { return my_function(x); }, {x});
//   check_double_backward([](const Variable& a, const Variable& b) { return my_function(a, b); },
//                         {a, b});
//
// Everything is done in float64, whatever the dtype of the data. A check that fails throws Error.
namespace autograd::testing {

// The function to check: a callable that takes a list (Variables) or up to six single Variables,
// and returns a list or a single Variable.
class Function {
 public:
  template <class F>
  // NOLINTNEXTLINE(google-explicit-constructor)
  requires(!std::is_same_v<std::remove_cvref_t<F>, Function>) Function(F f)
      : call_(wrap(std::move(f))) {}

  Variables operator()(const Variables& xs) const { return call_(xs); }

 private:
  using V = const Variable&;
  using Call = std::function<Variables(const Variables&)>;

  template <class F>
  static Call wrap(F f) {
    if constexpr (std::is_invocable_v<F&, const Variables&>)
      return [f](const Variables& x) { return as_list(f(x)); };
    else if constexpr (std::is_invocable_v<F&, V>)
      return [f](const Variables& x) { return as_list(f(x.at(0))); };
    else if constexpr (std::is_invocable_v<F&, V, V>)
      return [f](const Variables& x) { return as_list(f(x.at(0), x.at(1))); };
    else if constexpr (std::is_invocable_v<F&, V, V, V>)
      return [f](const Variables& x) { return as_list(f(x.at(0), x.at(1), x.at(2))); };
    else if constexpr (std::is_invocable_v<F&, V, V, V, V>)
      return [f](const Variables& x) { return as_list(f(x.at(0), x.at(1), x.at(2), x.at(3))); };
    else if constexpr (std::is_invocable_v<F&, V, V, V, V, V>)
      return [f](const Variables& x) {
        return as_list(f(x.at(0), x.at(1), x.at(2), x.at(3), x.at(4)));
      };
    else
      return [f](const Variables& x) {
        return as_list(f(x.at(0), x.at(1), x.at(2), x.at(3), x.at(4), x.at(5)));
      };
  }
  static Variables as_list(const Variable& y) { return {y}; }
  static Variables as_list(Variables ys) { return ys; }

  Call call_;
};

// The checks compare one number: the derivative, at x along a random direction r of length 1, of
//   g(t) = sum over outputs of w . f(x + t r),
// once from backward, once from central differences D(h) = (g(h) - g(-h)) / 2h, extrapolated as
// (4 D(eps / 2) - D(eps)) / 3. The errors of the extrapolated number, with the defaults:
//   truncation   eps^4 / 480 |g'''''|        2e-15 |g'''''|
//   rounding     3 u / eps  sum |w f|        4e-13 sum |w f| for each ulp of error of f, u = 2^-53
// For numbers around 1, the default tolerances are a thousand times these errors. They are still
// small enough to detect a constant rounded to float32 (6e-8), let alone a wrong derivative. If x
// is near a pole or a kink, choose other points rather than a wider tolerance.
struct CheckOptions {
  double eps = 1e-3;
  double atol = 1e-9, rtol = 1e-8;
  std::string name = "the function";  // how messages call it
  Variables params = {};  // variables that the function uses besides its inputs; checked, too
  // For each input, whether it has no derivative. Integer and bool inputs never have one.
  std::vector<bool> no_grads = {};
  std::uint32_t seed = 0;  // of the random directions
};

// d(sum of grad_outputs[i] * f(inputs)[i]) / d(inputs), element by element, from central
// differences in float64; zeros for integer inputs. Two calls of f for each element.
Arrays numerical_grad(const Function& f, const Arrays& inputs, const Arrays& grad_outputs,
                      double eps = 1e-3);

// Checks the first derivative. `y_grad` is w above, one array for each output; drawn at random if
// the list is empty. f gets inputs with the layout of x (strides, alignment, broadcast axes).
// Memory between the elements of a view is filled with NaN, so that a function which reads it
// fails.
void check_backward(const Function& f, const Arrays& x, const Arrays& y_grad = {},
                    const CheckOptions& options = {});

// Checks the second derivative: checks the gradient as a function of the inputs and of y_grad.
void check_double_backward(const Function& f, const Arrays& x, const Arrays& y_grad = {},
                           const Arrays& x_grad_grad = {}, const CheckOptions& options = {});

// A function and one set of inputs, to be run over every layout.
struct FunctionCase {
  Function f;
  Arrays x;
  CheckOptions options = {};
  bool double_backward = true;
  // Also check other shapes that broadcast: empty ones, 0-d, and each input broadcast.
  bool elementwise = false;
  bool empty_batch = false;  // the inputs' first axes are a batch, which may have length 0
};

// Checks values, first and second derivatives with inputs that are contiguous, transposed in
// memory, every second element of a larger array, backwards, off by one element from any alignment,
// or repeated along an axis (stride 0). The values must not depend on the layout by more than rtol.
void check_function(const FunctionCase& c);

// The same numbers in another memory layout.
struct Layout {
  std::string name;
  Array array;
};
std::vector<Layout> layouts(const Array& x);

// Throws unless both have one shape and |actual - expected| <= atol + rtol |expected| everywhere;
// equal infinities agree, and so do NaNs.
void assert_allclose(const Array& actual, const Array& expected, double atol = 1e-5,
                     double rtol = 1e-4);

}  // namespace autograd::testing
