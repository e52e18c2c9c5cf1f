#pragma once

#include <string>
#include <vector>

#include "examples/vae/images.h"
#include "examples/vae_lab/codes.h"
#include "examples/vae_lab/model.h"

namespace vae::lab {

// vae::save_images; but of a conditional model sampled.png has five rows of one z each, decoded as
// every class.
void save_images(const Model& model, const ImageSet& images, const std::string& out_dir);

// Writes pictures of the latent space into `folder` and returns their names:
//
//   reconstructions.png  test images, two of each class, above their reconstructions
//   interpolation.png    in each row, from the code of one digit to that of the next
//   interpolation.gif    the same from 0 to 9 and back to 0, moving
//   montage.gif          every pair of digits, back and forth from the row's to the column's;
//   montage.png          half-way
//   traversals.png       one unit of the code from -3 to 3 in each row, for the most active units
//   latent_space.png     with two units: the codes of up to 5,000 test images by class

//   latent_map.png       with two units: what the codes in [-2, 2] x [-2, 2] stand for
//
// Without labels the first test images stand for the classes. Where gnuplot is not installed,
// pictures have no words, and `missing` gets a sentence for latent_space.png.
std::vector<std::string> save_plots(const Codec& codec, const ImageSet& images,
                                    const std::string& folder, std::vector<std::string>& missing);

}  // namespace vae::lab
