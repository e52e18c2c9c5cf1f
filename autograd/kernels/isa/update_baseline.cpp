#include "autograd/kernels/isa/update.h"

template struct autograd::kernels::EmitUpdates<autograd::updates::All, autograd::kernels::Baseline>;
