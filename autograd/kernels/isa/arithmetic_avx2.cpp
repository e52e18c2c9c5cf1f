#include "autograd/kernels/isa/elementwise.h"

template struct autograd::kernels::Emit<autograd::ops::Arithmetic, autograd::kernels::Avx2>;
