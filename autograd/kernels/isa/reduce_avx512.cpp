#include "autograd/kernels/isa/reduce.h"

template const autograd::kernels::Reduce<float>&
autograd::kernels::reduce_for<float, autograd::kernels::Avx512>();
template const autograd::kernels::Reduce<double>&
autograd::kernels::reduce_for<double, autograd::kernels::Avx512>();
