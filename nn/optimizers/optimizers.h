#pragma once

// All optimizers, under Chainer's names and with its defaults.
#include "nn/optimizers/adam.h"
#include "nn/optimizers/adaptive.h"
#include "nn/optimizers/hooks.h"
#include "nn/optimizers/sgd.h"
