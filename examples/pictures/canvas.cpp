#include "examples/pictures/canvas.h"

#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <sstream>

#include "autograd/base/error.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
// fontconfig keeps the fonts it found until the process ends, behind pointers that the leak checker
// does not follow: about a kilobyte, however much is drawn.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }
extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
#endif

namespace pictures {
namespace {

using autograd::Error;

// A pixel of cairo's format RGB24 is a 32-bit number 0x00RRGGBB in the machine's byte order.
std::uint32_t packed(const std::uint8_t* pixel, int channels) {
  const std::uint32_t red = pixel[0];
  const std::uint32_t green = pixel[channels == 3 ? 1 : 0];
  const std::uint32_t blue = pixel[channels == 3 ? 2 : 0];
  return red << 16 | green << 8 | blue;
}

std::uint32_t* row_of(cairo_surface_t* surface, int y) {
  unsigned char* data = cairo_image_surface_get_data(surface);
  const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface);
  return reinterpret_cast<std::uint32_t*>(data + y * stride);
}

}  // namespace

void Canvas::Close::operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
void Canvas::Close::operator()(cairo_t* context) const { cairo_destroy(context); }

Canvas::Canvas(double width, double height, double scale) {
  const double columns = std::ceil(width * scale);
  const double rows = std::ceil(height * scale);
  if (!(columns >= 1 && rows >= 1 && columns <= 32767 && rows <= 32767)) {
    throw Error(fmt::format("canvas: a side must have 1 to 32767 pixels, but they are {} and {}",
                            columns, rows));
  }
  surface_.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24, int(columns), int(rows)));
  context_.reset(cairo_create(surface_.get()));
  cairo_t* c = context_.get();
  cairo_set_source_rgb(c, 1, 1, 1);
  cairo_paint(c);
  cairo_scale(c, scale, scale);
  cairo_set_line_join(c, CAIRO_LINE_JOIN_ROUND);

  // Hinted letters change their widths with the font size; unhinted ones are placed as measured.
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(c, options);
  cairo_font_options_destroy(options);
  check();
}

Canvas::~Canvas() = default;

void Canvas::check() const {
  const cairo_status_t status = cairo_status(context_.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    throw Error(fmt::format("canvas: cairo must be able to draw what is asked, but says '{}'",
                            cairo_status_to_string(status)));
  }
}

void Canvas::use(const Color& color) {
  cairo_set_source_rgba(context_.get(), color.red, color.green, color.blue, color.opacity);
}

void Canvas::use(const Pen& pen) {
  cairo_t* c = context_.get();
  use(pen.color);
  cairo_set_line_width(c, pen.width);
  cairo_set_line_cap(c, pen.dash == Dash::dashed ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
  const double dashed[] = {4 * pen.width, 2.5 * pen.width};
  const double dotted[] = {0, 2.5 * pen.width};  // with round caps, dots as wide as the pen
  if (pen.dash == Dash::dashed) {
    cairo_set_dash(c, dashed, 2, 0);
  } else if (pen.dash == Dash::dotted) {
    cairo_set_dash(c, dotted, 2, 0);
  } else {
    cairo_set_dash(c, nullptr, 0, 0);
  }
}

void Canvas::use(const Font& font) {
  cairo_t* c = context_.get();
  cairo_select_font_face(c, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(c, font.size);
}

void Canvas::line(Point from, Point to, const Pen& pen) { curve({from, to}, pen); }

void Canvas::sharp_line(Point from, Point to, const Pen& pen) {
  cairo_t* c = context_.get();
  double thickness = pen.width;
  double zero = 0;
  cairo_user_to_device_distance(c, &thickness, &zero);
  thickness = std::max(1., std::round(thickness));
  const double half = std::fmod(thickness, 2) / 2;  // lines of odd width run along pixels' middles

  Pen sharp = pen;
  double ignored = 0;
  sharp.width = thickness;
  cairo_device_to_user_distance(c, &sharp.width, &ignored);
  const auto snapped = [&](Point p) {
    cairo_user_to_device(c, &p.x, &p.y);
    p = {std::floor(p.x) + half, std::floor(p.y) + half};
    cairo_device_to_user(c, &p.x, &p.y);
    return p;
  };
  line(snapped(from), snapped(to), sharp);
}

void Canvas::curve(const std::vector<Point>& points, const Pen& pen) {
  if (points.size() < 2 || pen.dash == Dash::none) return;
  cairo_t* c = context_.get();
  use(pen);
  cairo_new_path(c);
  for (const Point& p : points) cairo_line_to(c, p.x, p.y);
  cairo_stroke(c);
}

void Canvas::fill(const Box& box, const Color& color) {
  use(color);
  cairo_rectangle(context_.get(), box.left, box.top, box.width, box.height);
  cairo_fill(context_.get());
}

void Canvas::frame(const Box& box, const Pen& pen) {
  sharp_line({box.left, box.top}, {box.right(), box.top}, pen);
  sharp_line({box.left, box.bottom()}, {box.right(), box.bottom()}, pen);
  sharp_line({box.left, box.top}, {box.left, box.bottom()}, pen);
  sharp_line({box.right(), box.top}, {box.right(), box.bottom()}, pen);
}

void Canvas::marker(Point at, Marker shape, double size, const Color& color) {
  cairo_t* c = context_.get();
  const double r = size / 2;
  cairo_new_path(c);
  const auto polygon = [&](std::initializer_list<Point> corners) {
    for (const Point& p : corners) cairo_line_to(c, at.x + r * p.x, at.y + r * p.y);
    cairo_close_path(c);
  };
  switch (shape) {  // of about equal areas
    case Marker::circle:
      cairo_arc(c, at.x, at.y, r, 0, 2 * M_PI);
      break;
    case Marker::square:
      polygon({{-.9, -.9}, {.9, -.9}, {.9, .9}, {-.9, .9}});
      break;
    case Marker::triangle:
      polygon({{0, -1.2}, {1.15, .85}, {-1.15, .85}});
      break;
    case Marker::diamond:
      polygon({{0, -1.3}, {1.2, 0}, {0, 1.3}, {-1.2, 0}});
      break;
  }
  use(color);
  cairo_fill_preserve(c);
  cairo_set_dash(c, nullptr, 0, 0);
  cairo_set_source_rgb(c, 1, 1, 1);  // a thin edge keeps overlapping markers apart
  cairo_set_line_width(c, size / 9);
  cairo_stroke(c);
}

void Canvas::dot(Point at, double size, const Color& color) {
  cairo_t* c = context_.get();
  use(color);
  cairo_new_path(c);
  cairo_arc(c, at.x, at.y, size / 2, 0, 2 * M_PI);
  cairo_fill(c);
}

void Canvas::image(const Box& box, const Image& picture) {
  const std::unique_ptr<cairo_surface_t, Close> source(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture.width, picture.height));
  if (cairo_surface_status(source.get()) == CAIRO_STATUS_SUCCESS) {
    const auto channels = std::size_t(picture.channels);
    const std::uint8_t* pixel = picture.pixels.data();
    for (int y = 0; y < picture.height; ++y) {
      for (int x = 0; x < picture.width; ++x, pixel += channels) {
        row_of(source.get(), y)[x] = packed(pixel, picture.channels);
      }
    }
    cairo_surface_mark_dirty(source.get());
  }
  cairo_t* c = context_.get();
  cairo_save(c);
  cairo_translate(c, box.left, box.top);
  cairo_scale(c, box.width / picture.width, box.height / picture.height);
  cairo_set_source_surface(c, source.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(c), CAIRO_FILTER_NEAREST);
  cairo_rectangle(c, 0, 0, picture.width, picture.height);
  cairo_fill(c);
  cairo_restore(c);
  check();
}

double Canvas::text_width(const std::string& words, const Font& font) {
  use(font);
  cairo_text_extents_t extents{};
  cairo_text_extents(context_.get(), words.c_str(), &extents);
  check();
  return extents.x_advance;
}

double Canvas::line_height(const Font& font) {
  use(font);
  cairo_font_extents_t extents{};
  cairo_font_extents(context_.get(), &extents);
  check();
  return extents.ascent + extents.descent;
}

void Canvas::text(const std::string& words, Point at, Anchor anchor, const Font& font) {
  const double width = text_width(words, font);
  cairo_t* c = context_.get();
  cairo_font_extents_t extents{};
  cairo_font_extents(c, &extents);
  const double height = extents.ascent + extents.descent;
  cairo_save(c);
  if (anchor.upwards) {
    cairo_translate(c, at.x - anchor.x * height, at.y + (1 - anchor.y) * width);
    cairo_rotate(c, -M_PI / 2);
  } else {
    cairo_translate(c, at.x - anchor.x * width, at.y - anchor.y * height);
  }
  if (font.edge) {
    cairo_new_path(c);
    cairo_move_to(c, 0, extents.ascent);
    cairo_text_path(c, words.c_str());
    use(Pen{{1, 1, 1}, font.size / 4});
    cairo_stroke(c);
  }
  use(font.color);
  cairo_move_to(c, 0, extents.ascent);
  cairo_show_text(c, words.c_str());
  cairo_restore(c);
  check();
}

std::vector<std::string> Canvas::wrap(const std::string& words, double width, const Font& font) {
  std::vector<std::string> lines;
  std::istringstream paragraphs(words);
  for (std::string paragraph; std::getline(paragraphs, paragraph);) {
    std::istringstream rest(paragraph);
    std::string line;
    for (std::string word; rest >> word;) {
      const std::string longer = line.empty() ? word : line + " " + word;
      if (!line.empty() && text_width(longer, font) > width) {
        lines.push_back(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push_back(line);
  }
  return lines;
}

void Canvas::clip(const Box& box) {
  cairo_save(context_.get());
  cairo_rectangle(context_.get(), box.left, box.top, box.width, box.height);
  cairo_clip(context_.get());
}

void Canvas::unclip() { cairo_restore(context_.get()); }

Image Canvas::pixels() {
  check();
  cairo_surface_t* surface = surface_.get();
  cairo_surface_flush(surface);
  Image result{
      cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface), 3, {}};
  result.pixels.reserve(std::size_t(result.width) * std::size_t(result.height) * 3);
  for (int y = 0; y < result.height; ++y) {
    const std::uint32_t* row = row_of(surface, y);
    for (int x = 0; x < result.width; ++x) {
      for (const int shift : {16, 8, 0}) {
        result.pixels.push_back(static_cast<std::uint8_t>(row[x] >> shift & 255));
      }
    }
  }
  return result;
}

}  // namespace pictures
