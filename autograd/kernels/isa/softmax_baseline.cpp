#include "autograd/kernels/isa/softmax.h"

template const autograd::kernels::Softmax<float>&
autograd::kernels::softmax_for<float, autograd::kernels::Baseline>();
template const autograd::kernels::Softmax<double>&
autograd::kernels::softmax_for<double, autograd::kernels::Baseline>();
