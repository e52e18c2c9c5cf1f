#pragma once

#include <string>
#include <vector>

#include "examples/vae/images.h"
#include "examples/vae_lab/codes.h"
#include "examples/vae_lab/model.h"

namespace vae::lab {

// Does the same as vae::save_images. For a conditional model, sampled.png has five rows: each row
// shows one sample of z, decoded with every class.
void save_images(const Model& model, const ImageSet& images, const std::string& out_dir);

// Writes pictures of the latent space into `folder` and returns their names:
//
//   reconstructions.png  test images, two of each class, above their reconstructions
//   interpolation.png    in each row, from the code of one digit to the code of the next
//   interpolation.gif    the same as a film, from 0 to 9 and back to 0
//   montage.gif          every pair of digits: from the digit of the row to the digit of the column
//                        and back, as a film
//   montage.png          the same, half-way
//   traversals.png       in each row, one unit of the code from -3 to 3, for the most active units
//   latent_space.png     with two units: the codes of up to 5,000 test images by class
//   latent_map.png       with two units: the images of the codes in [-2, 2] x [-2, 2]
//
// Without labels, the pictures show the first test images instead of the classes. If gnuplot is not
// installed, the pictures have no text, and a sentence about latent_space.png is added to
// `missing`.
std::vector<std::string> save_plots(const Codec& codec, const ImageSet& images,
                                    const std::string& folder, std::vector<std::string>& missing);

}  // namespace vae::lab
