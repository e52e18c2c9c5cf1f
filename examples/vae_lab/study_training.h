#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "autograd/array/array.h"
#include "examples/vae/images.h"
#include "examples/vae_lab/options.h"

namespace vae::lab {

// The data of all trainings of the study: the images, and properties of the images.
struct StudyData {
  ImageSet images;
  std::vector<double> eigenvalues;  // of the covariance of the training images
  double total_variance = 0;        // the sum of the eigenvalues
  double critical_weight = 0;       // 1 / (2 lambda_1)
  autograd::Array tested;           // at most 2,000 test images, to evaluate the trained models
  double tested_variance = 0;       // the squared error of their mean image
  autograd::Array shown;            // the test images of the pictures, at most nine
};

// Throws for images of more than 4,096 pixels, whose eigenvalues would take too long.
StudyData study_data(ImageSet images);

struct EpochMeans {
  double loss = 0, rec_loss = 0, kl = 0;  // means over the epoch's batches, as Chainer reports them
};

// The result of a training.
struct Outcome {
  std::vector<EpochMeans> epochs;
  // The first epoch with a loss that was not finite. The training ends there.
  std::optional<int> nan_epoch;
  // The next three values refer to the trained model and the images StudyData::tested.
  int active_units = 0;  // the number of units with a variance of mu above 0.01
  // The standard deviation of decode(mu) over the images, averaged over the pixels.
  double output_spread = 0;
  double squared_error = 0;  // the mean over the images of sum((x - decode(mu))^2)
  // decode(mu) of StudyData::shown, pixels from 0 to 255.
  std::vector<std::vector<std::uint8_t>> reconstructions;

  const EpochMeans& last() const { return epochs.back(); }
};

// Trains like the question's program, with Chainer's order of random numbers: sets the seed, makes
// the model, and draws a permutation of the images at the beginning of each epoch. Calls
// `after_epoch`, if given, with the number of finished epochs.
Outcome train_row(const LabOptions& options, const StudyData& data,
                  const std::function<void(int epoch)>& after_epoch = {});

}  // namespace vae::lab
