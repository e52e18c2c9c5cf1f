#include "autograd/base/check.h"

#include <fmt/format.h>

namespace autograd {

const Check& Check::floats() const {
  for (const Fact& f : facts_)
    if (!is_float(f.dtype)) fail(fmt::format("{} must be float32 or float64", f.name));
  return same_dtype();
}

const Check& Check::same_dtype() const {
  for (const Fact& f : facts_)
    if (f.dtype != facts_.begin()->dtype) fail("all arguments must have one dtype");
  return *this;
}

const Check& Check::same_shape() const {
  for (const Fact& f : facts_)
    if (*f.shape != *facts_.begin()->shape) fail("all arguments must have one shape");
  return *this;
}

const Check& Check::ndim(int n) const {
  for (const Fact& f : facts_)
    if (f.shape->ndim() != n)
      fail(fmt::format("{} must have {} ax{}s", f.name, n, n == 1 ? "i" : "e"));
  return *this;
}

void Check::fail(std::string_view rule) const {
  std::string message = fmt::format("{}: {}, but ", op_, rule);
  std::size_t i = 0;
  for (const Fact& f : facts_) {
    if (i > 0) message += i + 1 == facts_.size() ? " and " : ", ";
    message += fmt::format("{} is {}{}", f.name, name(f.dtype), to_string(*f.shape));
    ++i;
  }
  throw Error(message);
}

std::int64_t length_sum(std::string_view op, std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum))
    throw Error(fmt::format("{}: the result must have a length below 2^63, but it would be {} + {}",
                            op, a, b));
  return sum;
}

std::int64_t length_product(std::string_view op, std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product))
    throw Error(fmt::format(
        "{}: the result must have a length below 2^63, but it would be {} times {}", op, a, b));
  return product;
}

}  // namespace autograd
