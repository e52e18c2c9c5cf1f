#include "examples/pictures/plot.h"

#include <fmt/format.h>

#include "autograd/base/error.h"
#include "examples/pictures/image.h"
#ifdef CHAINETTE_HAVE_CAIRO
#include "examples/pictures/draw.h"
#endif

namespace pictures {
namespace {

using autograd::Error;

void check_figure(const Figure& figure) {
  if (figure.plots.empty() || figure.columns < 1) {
    throw Error(
        fmt::format("write_plot: a figure must have plots and columns, but it has {} and {}",
                    figure.plots.size(), figure.columns));
  }
  for (const Plot& plot : figure.plots) {
    for (const Series& series : plot.series) {
      const int last = series.markers == Markers::cloud ? 9 : 7;
      if (series.x.size() == series.y.size() && series.color >= -1 && series.color <= last)
        continue;
      throw Error(
          fmt::format("write_plot: a series must have as many x as y and a color in -1..{},"
                      " but '{}' has {}, {} and {}",
                      last, series.name, series.x.size(), series.y.size(), series.color));
    }
  }
}

}  // namespace

bool can_plot() {
#ifdef CHAINETTE_HAVE_CAIRO
  return true;
#else
  return false;
#endif
}

bool write_plot(const std::string& path, const Figure& figure) {
  check_figure(figure);
#ifdef CHAINETTE_HAVE_CAIRO
  write_png(path, draw(figure));
#else
  (void)path;
#endif
  return can_plot();
}

bool write_plot(const std::string& path, const Plot& plot) {
  Figure figure;
  figure.plots = {plot};
  figure.width = 420;
  figure.height = 280;
  return write_plot(path, figure);
}

}  // namespace pictures
