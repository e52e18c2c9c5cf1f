#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "autograd/array/array.h"
#include "examples/vae/images.h"
#include "examples/vae_lab/options.h"

namespace vae::lab {

// What all trainings of the study share: the images, and what is known of them beforehand.
struct StudyData {
  ImageSet images;
  std::vector<double> eigenvalues;  // of the covariance of the training images
  double total_variance = 0;        // their sum
  double critical_weight = 0;       // 1 / (2 lambda_1)
  autograd::Array tested;           // at most 2,000 test images, which the trained model is put to
  double tested_variance = 0;       // the squared error of the best single answer to all of them
  autograd::Array shown;            // the nine test images of the pictures, fewer if there are not
};

// Throws for images of more than 4,096 pixels, whose eigenvalues would take too long.
StudyData study_data(ImageSet images);

struct EpochMeans {
  double loss = 0, rec_loss = 0, kl = 0;  // means over the epoch's batches, as Chainer reports them
};

// What came of a training.
struct Outcome {
  std::vector<EpochMeans> epochs;
  std::optional<int>
      nan_epoch;  // the first in which a loss was not finite; the training ends there
  // Of the trained model and the images StudyData::tested:
  int active_units = 0;  // those whose variance of mu is above 0.01
  double output_spread =
      0;  // the standard deviation of decode(mu) over the images, mean over pixels
  double squared_error = 0;  // sum((x - decode(mu))^2) of an image
  // decode(mu) of StudyData::shown, each pixel 0 to 255.
  std::vector<std::vector<std::uint8_t>> reconstructions;

  const EpochMeans& last() const { return epochs.back(); }
};

// Trains as the question's program does, in Chainer's order of random numbers: seeds the generator,
// makes the model, and draws a permutation of the images at the head of each epoch. Calls
// `after_epoch`, if there is one, with the number of epochs that are done.
Outcome train_row(const LabOptions& options, const StudyData& data,
                  const std::function<void(int epoch)>& after_epoch = {});

}  // namespace vae::lab
