#include "autograd/kernels/isa/standard_normal.h"

template const autograd::kernels::StandardNormal&
autograd::kernels::standard_normal_for<autograd::kernels::Avx2>();
