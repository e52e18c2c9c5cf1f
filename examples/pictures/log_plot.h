#pragma once

#include <string>

#include "nn/plot/plot.h"

namespace pictures {

// Plots a file that LogReport wrote. There is one panel for each quantity q with a key main/q or
// validation/main/q: the loss first, then the others in the order of the file. A panel shows the
// training curve and the validation curve against the epoch, or against the iteration if an epoch
// has several entries. An entry without the key is skipped; null, NaN or Infinity is a gap in the
// curve. Throws Error if the file cannot be read, is not LogReport's JSON, or has no such quantity.
nn::plot::Figure log_figure(const std::string& log_path);

// Writes this figure as a PNG with nn::plot::write_figure().
void plot_log(const std::string& log_path, const std::string& png_path);

}  // namespace pictures
