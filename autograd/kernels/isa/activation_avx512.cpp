#include "autograd/kernels/isa/elementwise.h"

template struct autograd::kernels::Emit<autograd::ops::Activation, autograd::kernels::Avx512>;
