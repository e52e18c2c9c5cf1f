#include "nn/plot/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "autograd/base/error.h"
#include "nn/files/run_program.h"
#include "nn/files/write_file.h"

namespace nn::plot {
namespace {

using autograd::Error;
using nlohmann::json;

constexpr const char* kTerminal = "set terminal pngcairo background '#ffffff' font 'sans,12'";

// M. Okabe and K. Ito, "Color Universal Design", 2008: colours that differ for all kinds of colour
// vision. Blue and vermilion, which differ most, come first. Yellow, which is faint on white, comes
// last.
constexpr std::array kFew{0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7,
                          0xe69f00, 0x56b4e9, 0x000000, 0xf0e442};
// For more series, P. Tol's "muted" scheme and a grey.
constexpr std::array kMany{0x332288, 0xddcc77, 0x117733, 0x88ccee, 0xcc6677,
                           0x44aa99, 0x882255, 0x999933, 0xaa4499, 0x888888};

struct Marker {
  std::string_view name;
  int type;
  double size;
};
constexpr std::array<Marker, 9> kMarkers{{{".", 7, .4},
                                          {"o", 7, .8},
                                          {"x", 2, .9},
                                          {"+", 1, 1},
                                          {"*", 3, 1},
                                          {"s", 5, .8},
                                          {"^", 9, 1},
                                          {"v", 11, 1},
                                          {"D", 13, 1}}};

const Marker* find(std::string_view name) {
  const auto found = std::find_if(kMarkers.begin(), kMarkers.end(),
                                  [&](const Marker& marker) { return marker.name == name; });
  return found == kMarkers.end() ? nullptr : &*found;
}

std::string run(std::string_view script) {
  return run_program({.command = {"gnuplot", "--default-settings"},
                      .use = "draw curves",
                      .package = "gnuplot-nox"},
                     script, "plot");
}

void check_size(std::int64_t width, std::int64_t height) {
  constexpr int kMost = 30000;
  if (width < 1 || height < 1 || width > kMost || height > kMost)
    throw Error(fmt::format("plot: a picture must have 1 to {} pixels per side, but it has {} x {}",
                            kMost, width, height));
}

// --- texts

// The text as a literal of gnuplot in double quotes. In such a literal, gnuplot interprets escapes,
// and runs commands between backquotes. So all characters except harmless ones are written as octal
// numbers.
std::string literal(std::string_view text) {
  // The JSON library decodes UTF-8, and replaces invalid bytes by U+FFFD.
  const std::string utf8 =
      json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace))
          .get<std::string>();
  constexpr std::string_view kHarmless = " .,:;/()[]=+-_";
  std::string result = "\"";
  bool escaped = false;  // gnuplot reads digits after an octal number as part of it
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_control = (byte < 32 && c != '\n') || byte == 127;
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    escaped = !letter && !(digit && !escaped) && kHarmless.find(c) == kHarmless.npos;
    if (!escaped)
      result += c;
    else
      result += fmt::format("\\{:03o}", is_control ? ' ' : byte);
  }
  return result + "\"";
}

// Breaks the text at spaces, so that a line has at most `most` letters. Longer words are not
// broken.
std::string wrapped(std::string_view text, std::size_t most) {
  std::string result;
  std::size_t line = 0;
  while (!text.empty()) {
    const auto length = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, length);
    if (line > 0) result += line + 1 + length > most ? '\n' : ' ';
    line = line > 0 && line + 1 + length <= most ? line + 1 + length : length;
    result += word;
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return result;
}

// --- ranges

bool can_show(double value, bool log) {
  return std::abs(value) <= 1e250 && (!log || value >= 1e-250);  // false for NaN
}

struct Range {
  double low = INFINITY, high = -INFINITY;
  bool whole = true;  // whether all numbers are integers, like epochs

  void add(double value, bool log) {
    if (!can_show(value, log)) return;
    low = std::min(low, value);
    high = std::max(high, value);
    whole = whole && value == std::floor(value);
  }
};

void add(Range& range, const Panel& panel, bool of_x) {
  const bool log = of_x ? panel.log_x : panel.log_y;
  for (const Series& s : panel.series)
    for (std::size_t i = 0; i < s.x.size(); ++i)
      for (const std::vector<double>* y : {&s.y, &s.low, &s.high})
        if (!y->empty() && can_show(s.x[i], panel.log_x) && can_show((*y)[i], panel.log_y))
          range.add(of_x ? s.x[i] : (*y)[i], log);
  for (const Guide& guide : of_x ? panel.vertical : panel.horizontal) range.add(guide.at, log);
}

Range range_of(const Panel& panel, bool of_x) {
  const bool log = of_x ? panel.log_x : panel.log_y;
  Range range;
  add(range, panel, of_x);
  if (panel.square) add(range, panel, !of_x);
  if (range.low > range.high) range = log ? Range{.1, 10, false} : Range{0, 1, false};
  if (log) {
    // The range must contain two powers of ten, because they have labels.
    double low = std::log10(range.low), high = std::log10(range.high);
    if (std::floor(high) - std::ceil(low) < 1) {
      low = std::floor(low);
      high = std::max(std::ceil(high), low + 1);
    }
    const double free = .04 * (high - low);
    return {std::pow(10, low - free), std::pow(10, high + free), false};
  }
  const double size = std::max(std::abs(range.low), std::abs(range.high));
  double free = .04 * (range.high - range.low);
  if (range.high - range.low <= 1e-9 * size ||
      size < 1e-250)  // a picture cannot show the difference
    free = range.whole && size < 1e9 ? .5 : size > 1e-250 ? .1 * size : 1;
  range.low -= free;
  range.high += free;
  return range;
}

// The distance between ticks, for at most `most` ticks: 1, 2 or 5 times a power of ten.
double step_of(const Range& range, int most) {
  const double least = (range.high - range.low) / most;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double mantissa : {1., 2., 5.})
    if (mantissa * power >= least) return mantissa * power;
  return 10 * power;
}

// Whether the labels of the multiples of `step` fit side by side into an axis of this length in
// pixels.
bool has_room(const Range& range, double step, double pixels) {
  const auto width_at = [&](double multiple) {
    return width_of(fmt::format("{:.10g}", multiple * step));
  };
  const int widest =
      std::max(width_at(std::ceil(range.low / step)), width_at(std::floor(range.high / step)));
  constexpr int kBetween = 12;
  return pixels * step / (range.high - range.low) >= widest + kBetween;
}

// The commands for one axis, x or y: its range, ticks whose labels fit, and its label.
std::string axis(const Panel& panel, bool of_x, double pixels, const std::string& label) {
  const char name = of_x ? 'x' : 'y';
  const Range range = range_of(panel, of_x);
  const bool log = of_x ? panel.log_x : panel.log_y;
  std::string out = fmt::format("set {}range [{}:{}]\nset {}label {} noenhanced\n", name, range.low,
                                range.high, name, literal(label));
  if (log) {
    const bool plain = range.low > 5e-5 && range.high < 2e5;
    return out + fmt::format("set logscale {0}\nset {0}tics autofreq\nset format {0} '{1}'\n", name,
                             plain ? "%g" : "10^{%L}");
  }
  double step = step_of(range, of_x ? 8 : 7);
  for (int most = 7; of_x && most >= 2 && !has_room(range, step, pixels); --most)
    step = step_of(range, most);
  if (of_x && range.whole) step = std::max(step, 1.);
  return out +
         fmt::format("unset logscale {0}\nset {0}tics {1}\nset format {0} '%.10h'\n", name, step);
}

// --- data

// The note on points that are not drawn: "Not drawn: 3 points of loss (NaN or infinite)".
std::string note_on(const Panel& panel) {
  std::string note;
  for (const Series& s : panel.series) {
    std::size_t hidden = 0;
    bool finite = false;  // whether a hidden point is finite
    for (std::size_t i = 0; i < s.y.size(); ++i) {
      if (can_show(s.x[i], panel.log_x) && can_show(s.y[i], panel.log_y)) continue;
      ++hidden;
      finite = finite || (std::isfinite(s.x[i]) && std::isfinite(s.y[i]));
    }
    if (hidden == 0) continue;
    note += fmt::format("{}{} point{}{}{} ({})", note.empty() ? "Not drawn: " : ", ", hidden,
                        hidden == 1 ? "" : "s", s.name.empty() ? "" : " of ", s.name,
                        finite ? "outside the range of the axes" : "NaN or infinite");
  }
  return note;
}

// Lines "x y low high"; a gap is a line of NaN.
std::string block(const Series& s, const Panel& panel) {
  const auto number = [&](const std::vector<double>& values, std::size_t i, bool log) {
    return !values.empty() && can_show(values[i], log) ? fmt::format("{}", values[i])
                                                       : std::string("NaN");
  };
  std::string lines;
  for (std::size_t i = 0; i < s.x.size(); ++i)
    lines += fmt::format("{} {} {} {}\n", number(s.x, i, panel.log_x), number(s.y, i, panel.log_y),
                         number(s.low, i, panel.log_y), number(s.high, i, panel.log_y));
  return lines;
}

std::size_t names_of(const Panel& panel) {
  return std::size_t(std::count_if(panel.series.begin(), panel.series.end(),
                                   [](const Series& s) { return !s.name.empty(); }));
}

std::string title(const std::string& name) {
  return name.empty() ? "notitle" : fmt::format("title {} noenhanced", literal(name));
}

int color_of(const Panel& panel, std::size_t index) {
  const Series& s = panel.series[index];
  const auto place = s.color >= 0 ? std::size_t(s.color) : index;
  return names_of(panel) > kFew.size() ? kMany[place % kMany.size()] : kFew[place % kFew.size()];
}

bool is_cloud(const Series& s) { return s.line == Line::none && s.marker == "."; }

// Lines "x y color" of all clouds. They take a point of each cloud in turn, so that no cloud covers
// another.
std::string clouds(const Panel& panel) {
  std::string lines;
  std::size_t most = 0;
  for (const Series& s : panel.series) most = std::max(most, is_cloud(s) ? s.y.size() : 0);
  for (std::size_t i = 0; i < most; ++i)
    for (std::size_t k = 0; k < panel.series.size(); ++k)
      if (const Series& s = panel.series[k]; is_cloud(s) && i < s.y.size())
        if (can_show(s.x[i], panel.log_x) && can_show(s.y[i], panel.log_y))
          lines += fmt::format("{} {} {}\n", s.x[i], s.y[i], color_of(panel, k));
  return lines;
}

// Adds the elements of the command `plot` that draw a series. The data block $s<index> has its
// points.
void add_elements(std::vector<std::string>& elements, const Panel& panel, std::size_t index) {
  const Series& s = panel.series[index];
  const int color = color_of(panel, index);
  const Marker* marker = find(s.marker);
  if (is_cloud(s)) {  // only its entry in the legend, with a larger dot
    elements.push_back(
        fmt::format("NaN with points lc rgb '#{:06x}' pt 7 ps 1.2 {}", color, title(s.name)));
    return;
  }
  if (!s.low.empty())
    elements.push_back(fmt::format("$s{} using 1:3:4 with filledcurves fc rgb '#cc{:06x}' {}",
                                   index, color, s.y.empty() ? title(s.name) : "notitle"));
  if (s.y.empty()) return;
  std::string element = fmt::format(
      "$s{} using 1:2 with {} lc rgb '#{:06x}'", index,
      s.line == Line::none ? "points" : (marker != nullptr ? "linespoints" : "lines"), color);
  if (s.line != Line::none) element += fmt::format(" lw 2 dt {}", s.line == Line::dashed ? 2 : 1);
  if (marker != nullptr) element += fmt::format(" pt {} ps {}", marker->type, marker->size);
  elements.push_back(fmt::format("{} {}", element, title(s.name)));
}

std::string script_of(const Panel& panel, const Figure& figure) {
  const std::size_t letters = std::size_t(figure.width) / 9;
  std::string x_label = wrapped(panel.x_label, letters);
  if (const std::string note = note_on(panel); !note.empty())
    x_label += (x_label.empty() ? "" : "\n") + wrapped(note, letters);
  if (names_of(panel) > 0) x_label += "\n";  // space between the label and the legend
  std::string out =
      fmt::format("set title {} noenhanced\n", literal(wrapped(panel.title, letters)));
  const double inside = .8 * figure.width;
  out += axis(panel, true, inside, x_label) +
         axis(panel, false, inside, wrapped(panel.y_label, std::size_t(figure.height) / 10));
  out += panel.square ? "set size ratio 1\n" : "set size noratio\n";
  out += panel.grid ? "set grid lt 1 lw 1 lc rgb '#e0e0e0'\n" : "unset grid\n";
  out += names_of(panel) > 4 ? "set key outside right center vertical Left reverse\n"
                             : "set key outside below center horizontal Left reverse\n";

  std::vector<std::string> elements;
  for (std::size_t i = 0; i < panel.series.size(); ++i) {
    if (!is_cloud(panel.series[i]))
      out += fmt::format("$s{} << END\n{}END\n", i, block(panel.series[i], panel));
    add_elements(elements, panel, i);
  }
  if (const std::string points = clouds(panel); !points.empty()) {
    out += fmt::format("$clouds << END\n{}END\n", points);
    elements.push_back("$clouds using 1:2:3 with points pt 7 ps .4 lc rgb variable notitle");
  }
  out += "unset arrow\n";
  for (const bool of_x : {true, false}) {
    for (const Guide& guide : of_x ? panel.vertical : panel.horizontal) {
      if (!can_show(guide.at, of_x ? panel.log_x : panel.log_y)) continue;
      constexpr const char* kDots = "dt 3 lw 1.5 lc rgb '#555555'";
      const std::string at = fmt::format("first {}", guide.at);
      out +=
          fmt::format("set arrow from {}, {} to {}, {} nohead {}\n", of_x ? at : "graph 0",
                      of_x ? "graph 0" : at, of_x ? at : "graph 1", of_x ? "graph 1" : at, kDots);
      if (!guide.name.empty())
        elements.push_back(fmt::format("NaN with lines {} {}", kDots, title(guide.name)));
    }
  }
  if (elements.empty()) elements.emplace_back("NaN notitle");
  return out + fmt::format("plot {}\n", fmt::join(elements, ", \\\n  "));
}

}  // namespace

void check(const Series& s) {
  const auto fits = [&](const std::vector<double>& values) {
    return values.empty() || values.size() == s.x.size();
  };
  if (!fits(s.y) || !fits(s.low) || s.low.size() != s.high.size())
    throw Error(fmt::format(
        "plot: a series must have equally many x, y, low and high, but '{}' has {}, {}, {} and {}",
        s.name, s.x.size(), s.y.size(), s.low.size(), s.high.size()));
  if (!s.marker.empty() && find(s.marker) == nullptr)
    throw Error(fmt::format(
        "plot: a marker must be one of . o x + * s ^ v D or empty, but that of '{}' is '{}'",
        s.name, s.marker));
}

std::string script(const Figure& figure) {
  if (figure.panels.empty() || figure.columns < 1)
    throw Error(fmt::format("plot: a figure must have panels and columns, but it has {} and {}",
                            figure.panels.size(), figure.columns));
  for (const Panel& panel : figure.panels) {
    for (const Series& series : panel.series) check(series);
    if (panel.square && panel.log_x != panel.log_y)
      throw Error(fmt::format(
          "plot: a square panel must have both axes logarithmic or none, but only {} is",
          panel.log_x ? "x" : "y"));
  }
  const auto panels = std::int64_t(figure.panels.size());
  const auto columns = std::min<std::int64_t>(figure.columns, panels);
  const auto rows = (panels + columns - 1) / columns;
  check_size(figure.width, figure.height);
  const std::string above = wrapped(figure.title, std::size_t(figure.width * columns) / 11);
  const auto lines = std::count(above.begin(), above.end(), '\n') + (above.empty() ? 0 : 2);
  const auto width = figure.width * columns, height = figure.height * rows + lines * kLineHeight;
  check_size(width, height);

  std::string out = fmt::format(
      "{} size {},{}\n"
      "set encoding utf8\n"
      "set border 3 lc rgb '#404040'\n"
      "set tics nomirror out\n"
      "set multiplot layout {},{}",
      kTerminal, width, height, rows, columns);
  if (!above.empty()) out += fmt::format(" title {} font ',14' noenhanced", literal(above));
  out += "\n";
  for (const Panel& panel : figure.panels) out += script_of(panel, figure);
  return out + "unset multiplot\n";
}

std::string script(const Page& page) {
  check_size(page.width, page.height);
  std::string out = fmt::format(
      "{} size {},{}\n"
      "set encoding utf8\n"
      "unset border\nunset tics\nunset key\nset margins 0,0,0,0\n",
      kTerminal, page.width, page.height);
  for (const Words& words : page.words) {
    constexpr std::array kAlign{"left", "center", "right"};
    out += fmt::format("set label {} at screen {}, screen {} {} {} noenhanced\n",
                       literal(words.text), words.x / page.width, 1 - words.y / page.height,
                       kAlign[std::size_t(words.align)], words.upwards ? "rotate" : "norotate");
  }
  return out + "plot [0:1] [0:1] NaN notitle\n";
}

int width_of(std::string_view words) {
  double width = 0;
  for (const char c : words) {
    const auto is_one_of = [c](std::string_view some) { return some.find(c) != some.npos; };
    if ((c & 0xc0) == 0x80) continue;  // the following bytes of a character of several bytes
    width += is_one_of("MW@%mw") || (c & 0x80) != 0           ? 16.2
             : (c >= 'A' && c <= 'Z') || is_one_of("+=<>~#&") ? 13.5
             : is_one_of(" .,:;()[]ijl|'/")                   ? 6.5
                                                              : 10.4;
  }
  return int(std::ceil(width));
}

bool available() {
  try {
    run(kTerminal);
    return true;
  } catch (const ProgramError&) {
    return false;
  }
}

std::string draw(const Figure& figure) { return run(script(figure)); }
std::string draw(const Page& page) { return run(script(page)); }

void write_figure(const std::string& path, const Figure& figure) {
  write_file(path, draw(figure), "plot");
}

}  // namespace nn::plot
