#pragma once

// All differentiable functions.

#include "autograd/functions/activation.h"
#include "autograd/functions/basic_math.h"
#include "autograd/functions/connection.h"
#include "autograd/functions/convolution.h"
#include "autograd/functions/einsum.h"
#include "autograd/functions/evaluation.h"
#include "autograd/functions/exponential.h"
#include "autograd/functions/images.h"
#include "autograd/functions/indexing.h"
#include "autograd/functions/join.h"
#include "autograd/functions/linear_algebra.h"
#include "autograd/functions/loss.h"
#include "autograd/functions/manipulation.h"
#include "autograd/functions/matmul.h"
#include "autograd/functions/noise.h"
#include "autograd/functions/normalization.h"
#include "autograd/functions/pooling.h"
#include "autograd/functions/reduction.h"
#include "autograd/functions/select.h"
#include "autograd/functions/trigonometric.h"
