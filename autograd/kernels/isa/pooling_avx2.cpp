#include "autograd/kernels/isa/pooling.h"

template const autograd::kernels::Pool<float>&
autograd::kernels::pool_for<float, autograd::kernels::Avx2>();
template const autograd::kernels::Pool<double>&
autograd::kernels::pool_for<double, autograd::kernels::Avx2>();
