#pragma once

#include <string>
#include <vector>

#include "examples/pictures/image.h"

// Images side by side with labels: a table of images, or a map with two axes.
namespace pictures {

struct Tiles {
  std::string title;
  std::vector<Image> images;  // row by row, from left to right and top to bottom, all of one size
  int columns = 1;
  std::vector<std::string> row_labels;     // left of the rows: one for each row, or none
  std::vector<std::string> column_labels;  // one for each column, or none
  bool labels_below = false;  // whether column labels are below the tiles, like an axis
  std::string x_label;        // next to the column labels
  std::string y_label;        // left of the row labels
  int factor = 1;                          // each pixel becomes a square of factor * factor
  int gap = 4;                             // pixels between tiles
  bool dark_gaps = false;                  // whether the gaps are black instead of white
  int rows_in_group = 0;  // there is a wider gap after this number of rows; 0: none
};

// The greatest factor, at least 1, by which `tiles` images of this size can be enlarged so that
// they fit side by side into `pixels`.
int factor_for(int pixels, int tiles, int size);

// Draws the tiles; in grey if all images are grey. gnuplot draws the texts; if it is not installed,
// they are left out. Throws Error if there is no image, if images differ in size or channels, if
// they do not fill their rows, or if the number of labels does not fit. write_tiles writes the
// picture as a PNG (see write_png).
Image picture_of(const Tiles& tiles);
void write_tiles(const std::string& path, const Tiles& tiles);

// Draws a film: one picture with the same texts for each set of images, which replaces
// tiles.images.
std::vector<Image> pictures_of(const Tiles& tiles, const std::vector<std::vector<Image>>& sets);

}  // namespace pictures
