#include "autograd/functions/math/exponential.h"

#include "autograd/functions/support/elementwise.h"

namespace autograd::inline functions {

Variable exp(const Variable& x) { return elementwise(ops::Exp{}, x); }
Variable expm1(const Variable& x) { return elementwise(ops::Expm1{}, x); }
Variable log(const Variable& x) { return elementwise(ops::Log{}, x); }
Variable log1p(const Variable& x) { return elementwise(ops::Log1p{}, x); }
Variable log2(const Variable& x) { return elementwise(ops::Log2{}, x); }
Variable log10(const Variable& x) { return elementwise(ops::Log10{}, x); }
Variable sqrt(const Variable& x) { return elementwise(ops::Sqrt{}, x); }
Variable rsqrt(const Variable& x) { return elementwise(ops::Rsqrt{}, x); }
Variable sinh(const Variable& x) { return elementwise(ops::Sinh{}, x); }
Variable cosh(const Variable& x) { return elementwise(ops::Cosh{}, x); }
Variable erf(const Variable& x) { return elementwise(ops::Erf{}, x); }
Variable erfc(const Variable& x) { return elementwise(ops::Erfc{}, x); }

}  // namespace autograd::inline functions
