#pragma once

#include <cstdio>
#include <string>

#include "nn/plot/plot.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

// What draws figures in a training. A training goes on without them where gnuplot is not installed.
class PlotExtension : public Extension {
 public:
  // Whether gnuplot is installed and can write a PNG.
  static bool available() { return plot::available(); }

 protected:
  // Writes the figure into the folder of results. Where gnuplot cannot, says so to `warnings`, once;
  // nullptr: nowhere.
  void draw(const Trainer& trainer, const std::string& filename, const plot::Figure& figure,
            std::FILE* warnings);

 private:
  bool warned_ = false;
};

}  // namespace nn::training::extensions
