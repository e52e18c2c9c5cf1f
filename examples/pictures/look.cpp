#include "examples/pictures/look.h"

#include <array>

namespace pictures {
namespace {

// Okabe and Ito, "Color Universal Design", 2008: told apart with any kind of colour vision. The
// order puts blue and vermilion, which differ most, first, and yellow, faint on white, last.
constexpr std::array<Color, 8> kPalette{{{0., .447, .698},
                                         {.835, .369, 0.},
                                         {0., .620, .451},
                                         {.800, .475, .655},
                                         {.902, .624, 0.},
                                         {.337, .706, .914},
                                         {0., 0., 0.},
                                         {.941, .894, .259}}};

// For the groups of a cloud, ten of which must differ: Tableau's.
constexpr std::array<Color, 10> kCloudPalette{{{.122, .467, .706},
                                               {1., .498, .055},
                                               {.173, .627, .173},
                                               {.839, .153, .157},
                                               {.580, .404, .741},
                                               {.549, .337, .294},
                                               {.890, .467, .761},
                                               {.498, .498, .498},
                                               {.737, .741, .133},
                                               {.090, .745, .812}}};

}  // namespace

Color words_color(int cloud_color) {
  if (cloud_color < 0) return kInk;
  Color color = kCloudPalette[std::size_t(cloud_color) % kCloudPalette.size()];
  for (double* part : {&color.red, &color.green, &color.blue}) *part *= .7;
  return color;
}

Look look_of(const Series& series, std::size_t index) {
  if (series.markers == Markers::cloud) {
    const std::size_t color = series.color >= 0 ? std::size_t(series.color) : index;
    return {kCloudPalette[color % kCloudPalette.size()], Dash::none, Marker::circle, true, true};
  }
  constexpr std::array kShapes{Marker::circle, Marker::square, Marker::triangle, Marker::diamond};
  Look look{kPalette[series.color >= 0 ? std::size_t(series.color) : index % kPalette.size()],
            series.dash, kShapes[index % kShapes.size()],
            series.markers == Markers::always || series.dash == Dash::none ||
                (series.markers == Markers::automatic && series.x.size() <= 30)};
  if (index >= kPalette.size() && series.color < 0 && look.dash == Dash::solid) {
    look.dash = Dash::dashed;  // colours begin again
  }
  return look;
}

}  // namespace pictures
