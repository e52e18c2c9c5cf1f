// All extensions: `namespace extensions = nn::training::extensions;`
#pragma once

#include "nn/training/extensions/dump_graph.h"
#include "nn/training/extensions/evaluator.h"
#include "nn/training/extensions/fail_on_nonnumber.h"
#include "nn/training/extensions/log_report.h"
#include "nn/training/extensions/micro_average.h"
#include "nn/training/extensions/nonnumber_monitor.h"
#include "nn/training/extensions/parameter_statistics.h"
#include "nn/training/extensions/plot_report.h"
#include "nn/training/extensions/print_report.h"
#include "nn/training/extensions/progress_bar.h"
#include "nn/training/extensions/shift.h"
#include "nn/training/extensions/snapshot.h"
#include "nn/training/extensions/unchain_variables.h"
#include "nn/training/extensions/value_observation.h"
#include "nn/training/extensions/variable_statistics_plot.h"
