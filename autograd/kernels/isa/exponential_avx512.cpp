#include "autograd/kernels/isa/elementwise.h"

template struct autograd::kernels::Emit<autograd::ops::Exponential, autograd::kernels::Avx512>;
