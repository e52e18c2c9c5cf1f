#pragma once

#include <string>
#include <vector>

#include "examples/pictures/image.h"

// Images side by side with words around them: a table of images, or a map with two axes.
namespace pictures {

struct Tiles {
  std::string title;
  std::vector<Image> images;  // in rows, from left to right and top to bottom, all of one size
  int columns = 1;
  std::vector<std::string> row_labels;     // left of the rows; as many as there are, or none
  std::vector<std::string> column_labels;  // as many as there are, or none
  bool labels_below = false;               // those of the columns, as on an axis
  std::string x_label;                     // beside the columns' labels
  std::string y_label;                     // left of the rows' labels
  int factor = 1;                          // each pixel becomes a square of factor * factor
  int gap = 4;                             // pixels between tiles,
  bool dark_gaps = false;                  // black instead of white
  int rows_in_group = 0;                   // a wider gap after so many rows; 0: nowhere
};

// The factor with which so many tiles of such a size, side by side, are about `pixels` long, but
// no longer unless the images are.
int factor_for(int pixels, int tiles, int size);

// The picture of them, in greys if all images are. gnuplot writes the words; where it is not
// installed, they are left out. Throws Error if there is no image, if images differ in size or
// channels, if they do not fill their rows, if labels are neither none nor one for each row or
// column. write_tiles writes it as a PNG (see write_png).
Image picture_of(const Tiles& tiles);
void write_tiles(const std::string& path, const Tiles& tiles);

// One picture for each set of images in the place of tiles.images, with the same words: a film.
std::vector<Image> pictures_of(const Tiles& tiles, const std::vector<std::vector<Image>>& sets);

}  // namespace pictures
