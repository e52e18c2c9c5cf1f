#include "autograd/kernels/isa/elementwise.h"

template struct autograd::kernels::Emit<autograd::ops::Loss, autograd::kernels::Avx2>;
