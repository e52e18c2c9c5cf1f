#include "autograd/kernels/isa/direct_convolution.h"

template const autograd::kernels::direct::Kernels<float>&
autograd::kernels::direct::kernels_for<float, autograd::kernels::Avx2>();
template const autograd::kernels::direct::Kernels<double>&
autograd::kernels::direct::kernels_for<double, autograd::kernels::Avx2>();
