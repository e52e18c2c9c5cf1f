// Two helpers of xsimd's trigonometry are plain inline functions: without names of their own, the copy that
// was compiled for one instruction set could serve them all.
#define __kernel_rem_pio2 kernel_rem_pio2_avx2
#define __ieee754_rem_pio2 ieee754_rem_pio2_avx2

#include "autograd/kernels/isa/elementwise.h"

template struct autograd::kernels::Emit<autograd::ops::Trigonometric, autograd::kernels::Avx2>;
