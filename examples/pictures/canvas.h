#pragma once

#include <memory>
#include <string>
#include <vector>

#include "examples/pictures/dash.h"
#include "examples/pictures/image.h"

typedef struct _cairo cairo_t;
typedef struct _cairo_surface cairo_surface_t;

namespace pictures {

struct Point {
  double x = 0;  // to the right
  double y = 0;  // downwards
};

struct Box {
  double left = 0, top = 0, width = 0, height = 0;

  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

struct Color {
  double red = 0, green = 0, blue = 0;  // 0..1
  double opacity = 1;
};

enum class Marker { circle, square, triangle, diamond };

struct Pen {
  Color color = {};
  double width = 1;
  Dash dash = Dash::solid;
};

struct Font {
  double size = 10;
  bool bold = false;
  Color color = {};
  bool edge = false;  // a white edge around the letters, for a busy ground
};

// Where the given point lies on the text's box: 0 is its left or top, 1 its right or bottom edge.
struct Anchor {
  double x = 0;
  double y = 0;
  bool upwards = false;  // the text turned a quarter, read from below
};

// A white page to draw on, through cairo. Coordinates are in points from the upper left corner;
// scale is the number of pixels in a point. Throws Error if the page has more than 32767 pixels on
// a side, or when cairo cannot do what is asked (a text that is not UTF-8).
class Canvas {
 public:
  Canvas(double width, double height, double scale);
  ~Canvas();

  void line(Point from, Point to, const Pen& pen);
  // A straight horizontal or vertical line, moved onto the grid of pixels so that it is sharp.
  void sharp_line(Point from, Point to, const Pen& pen);
  void curve(const std::vector<Point>& points, const Pen& pen);
  void fill(const Box& box, const Color& color);
  void frame(const Box& box, const Pen& pen);
  void marker(Point at, Marker shape, double size, const Color& color);
  void dot(Point at, double size, const Color& color);
  // The image stretched over the box, its pixels kept as squares.
  void image(const Box& box, const Image& picture);
  // Text of one line. Its box is as wide as the text and as high as a line of the font.
  void text(const std::string& words, Point at, Anchor anchor, const Font& font);

  double text_width(const std::string& words, const Font& font);
  double line_height(const Font& font);
  // Broken at spaces and line ends into lines that are no wider, except for single longer words.
  std::vector<std::string> wrap(const std::string& words, double width, const Font& font);

  // What is drawn from now on shows inside the box only, until unclip().
  void clip(const Box& box);
  void unclip();

  Image pixels();

 private:
  struct Close {
    void operator()(cairo_surface_t* surface) const;
    void operator()(cairo_t* context) const;
  };

  void use(const Pen& pen);
  void use(const Font& font);
  void use(const Color& color);
  void check() const;

  std::unique_ptr<cairo_surface_t, Close> surface_;
  std::unique_ptr<cairo_t, Close> context_;
};

}  // namespace pictures
