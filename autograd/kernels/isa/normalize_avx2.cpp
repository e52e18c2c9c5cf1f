#include "autograd/kernels/isa/normalize.h"

template const autograd::kernels::Normalize<float>&
autograd::kernels::normalize_for<float, autograd::kernels::Avx2>();
template const autograd::kernels::Normalize<double>&
autograd::kernels::normalize_for<double, autograd::kernels::Avx2>();
