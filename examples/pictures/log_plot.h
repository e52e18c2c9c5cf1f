#pragma once

#include <string>

#include "nn/plot/plot.h"

namespace pictures {

// The curves in a file that LogReport wrote: one panel for each quantity q among the keys main/q and
// validation/main/q, the loss first and else in the order of the file, with the training and the
// validation curve against the epoch, or against the iteration if there are several entries in an
// epoch. An entry without the key is passed over; null, NaN or Infinity is a gap in the curve.
// Throws Error if the file cannot be read, is not LogReport's JSON, or has no such quantity.
nn::plot::Figure log_figure(const std::string& log_path);

// Writes these curves as a PNG: nn::plot::write_figure().
void plot_log(const std::string& log_path, const std::string& png_path);

}  // namespace pictures
