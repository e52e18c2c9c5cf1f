#pragma once

#include <cstddef>

#include "examples/pictures/canvas.h"
#include "examples/pictures/plot.h"

// The style of all plots, and what tells a plot's series apart.
namespace pictures {

inline constexpr Color kInk{.2, .2, .2};
inline constexpr Color kPale{.45, .45, .45};
inline constexpr Color kGrid{.9, .9, .9};
inline constexpr Font kFigureTitle{13, true, kInk};
inline constexpr Font kTitle{11.5, true, kInk};
inline constexpr Font kLabel{10.5, false, kInk};
inline constexpr Font kTickFont{9.5, false, kInk};
inline constexpr Font kNote{8.5, false, kPale};
inline constexpr Font kWords{15, true, kInk, true};

inline constexpr double kPad = 10;  // around the figure, and between its plots
inline constexpr double kTickLength = 4;
inline constexpr double kSpace = 5;  // between ticks, labels and titles

struct Look {
  Color color;
  Dash dash;
  Marker marker;
  bool markers;
  bool cloud = false;
};

// Words about the cloud of that colour, dark enough to be read among its dots.
Color words_color(int cloud_color);

// Of the series that stands at this place in its plot.
Look look_of(const Series& series, std::size_t index);

}  // namespace pictures
