// All triggers: `namespace triggers = nn::training::triggers;`
#pragma once

#include "nn/training/triggers/best_value.h"
#include "nn/training/triggers/interval.h"
#include "nn/training/triggers/time.h"
