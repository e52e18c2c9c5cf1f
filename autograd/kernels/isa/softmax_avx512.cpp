#include "autograd/kernels/isa/softmax.h"

template const autograd::kernels::Softmax<float>&
autograd::kernels::softmax_for<float, autograd::kernels::Avx512>();
template const autograd::kernels::Softmax<double>&
autograd::kernels::softmax_for<double, autograd::kernels::Avx512>();
