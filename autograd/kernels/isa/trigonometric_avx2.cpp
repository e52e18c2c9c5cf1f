#include "autograd/kernels/isa/elementwise.h"

template struct autograd::kernels::Emit<autograd::ops::Trigonometric, autograd::kernels::Avx2>;
