#include "autograd/functions/math/special.h"

#include <fmt/format.h>

#include "autograd/functions/support/elementwise.h"

namespace autograd::inline functions {

Variable lgamma(const Variable& x) { return elementwise(ops::Lgamma{}, x); }
Variable digamma(const Variable& x) { return elementwise(ops::Digamma{}, x); }
Variable erfinv(const Variable& x) { return elementwise(ops::Erfinv{}, x); }
Variable erfcinv(const Variable& x) { return elementwise(ops::Erfcinv{}, x); }
Variable erfcx(const Variable& x) { return elementwise(ops::Erfcx{}, x); }
Variable ndtr(const Variable& x) { return elementwise(ops::Ndtr{}, x); }
Variable log_ndtr(const Variable& x) { return elementwise(ops::LogNdtr{}, x); }
Variable ndtri(const Variable& x) { return elementwise(ops::Ndtri{}, x); }
Variable xlogx(const Variable& x) { return elementwise(ops::XLogX{}, x); }

Variable polygamma(int n, const Variable& x) {
  // Each derivative adds 1 to n.
  constexpr int kMost = 1 << 30;
  if (n < 0) throw Error(fmt::format("polygamma: n must not be negative, but it is {}", n));
  if (n > kMost) throw Error(fmt::format("polygamma: n must be at most 2^30, but it is {}", n));
  return elementwise(ops::Polygamma{n}, x);
}

}  // namespace autograd::inline functions
