#pragma once

#include <string>

#include "nn/training/extension.h"

namespace nn::training::extensions {

// The sum of one reported value over an interval, divided by the sum of another, which is reported
// as result_key at the end of the interval: the number of right answers over the number of answers.
// An iteration in which one of the two is missing does not count, nor is the trigger asked in it.
// chainer.training.extensions.MicroAverage; unlike it, it may be resumed inside of an interval.
class MicroAverage : public Extension {
 public:
  MicroAverage(std::string numerator_key, std::string denominator_key, std::string result_key,
               Trigger trigger = {1, "epoch"});

  // Throws if the denominators of an interval sum to 0.
  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "MicroAverage"; }
  int default_priority() const override { return kPriorityEditor; }
  void serialize(Serializer& s) override;

 private:
  std::string numerator_key_, denominator_key_, result_key_;
  Trigger trigger_;
  double numerator_ = 0, denominator_ = 0;
};

}  // namespace nn::training::extensions
