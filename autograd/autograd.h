#pragma once

// Everything of library 1 that programs use: arrays, variables, functions.

#include "autograd/array/arithmetic.h"
#include "autograd/array/array.h"
#include "autograd/array/compare.h"
#include "autograd/array/gemm.h"
#include "autograd/array/index.h"
#include "autograd/array/print.h"
#include "autograd/array/random.h"
#include "autograd/array/reduce.h"
#include "autograd/base/dtype.h"
#include "autograd/base/error.h"
#include "autograd/base/parallel.h"
#include "autograd/base/random.h"
#include "autograd/base/shape.h"
#include "autograd/functions/functions.h"
#include "autograd/graph/backward.h"
#include "autograd/graph/computational_graph.h"
#include "autograd/graph/config.h"
#include "autograd/graph/function_node.h"
#include "autograd/graph/hook.h"
#include "autograd/graph/variable.h"
