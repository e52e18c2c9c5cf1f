#pragma once

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nn/link.h"
#include "nn/training/extensions/plot_extension.h"

namespace nn::training::extensions {

struct VariableStatisticsPlotOptions {
  int max_sample_size = 1000;
  bool report_data = true;
  bool report_grad = true;
  bool plot_mean = true;
  bool plot_std = true;
  std::vector<double> percentile_sigmas = {0, 0.13, 2.28, 15.87, 50, 84.13, 97.72, 99.87, 100};
  // When the picture is written. The extension itself is to be called in each iteration.
  Trigger trigger = {1, "epoch"};
  // In the folder of results. Chainer's older name for it is file_name.
  std::string filename = "statistics.png";
  // Width and height in inches of a hundred pixels.
  std::optional<std::pair<double, double>> figsize = {};
  std::optional<std::string> marker = {};  // matplotlib's: see plot::Series; None: none
  bool grid = true;
  std::FILE* warnings = stderr;  // where to say that gnuplot is missing; nullptr: nowhere
};

// Draws how the values of variables and of their gradients are distributed over the iterations: the
// mean with the standard deviation as a band, and below it the percentiles as bands around the
// median. The elements of all variables count as one sample of values.
//
// What was collected in each iteration is kept in a sample of max_sample_size iterations, in which
// each iteration stands with the same probability (a reservoir): once it is full, an iteration
// draws one or two numbers of the default random generator, as in Chainer. Unlike Chainer's the
// sample is a part of snapshots. chainer.training.extensions.VariableStatisticsPlot.
class VariableStatisticsPlot : public PlotExtension {
 public:
  // Variables, or links, whose parameters are meant: one of them, or a list in braces.
  class Targets {
   public:
    Targets(const Variable& variable)  // NOLINT(google-explicit-constructor)
        : variables_{variable} {}
    Targets(Link& link);                              // NOLINT(google-explicit-constructor)
    Targets(std::initializer_list<Targets> targets);  // NOLINT(google-explicit-constructor)
    const std::vector<Variable>& variables() const { return variables_; }

   private:
    std::vector<Variable> variables_;
  };

  // Throws if there is no variable or nothing to plot, and on options outside of their ranges.
  explicit VariableStatisticsPlot(const Targets& targets,
                                  VariableStatisticsPlotOptions options = {});

  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "VariableStatisticsPlot"; }
  void serialize(Serializer& s) override;

  // Of one iteration in the sample: for the data and for the gradients, as far as they are
  // reported, the mean, the standard deviation and the percentiles, as far as they are plotted.
  // Zeros where no variable has data or a gradient.
  struct Sample {
    std::int64_t iteration;
    std::vector<float> statistics;
  };
  // In the order of iterations.
  std::vector<Sample> samples() const;

 private:
  std::vector<float> statistics() const;
  void add(Sample sample);
  plot::Figure figure() const;
  std::size_t statistics_of_each() const;

  std::vector<Variable> variables_;
  VariableStatisticsPlotOptions options_;
  std::vector<std::string> keys_;
  std::vector<Sample> reservoir_;
  std::int64_t counter_ = 0;
};

}  // namespace nn::training::extensions
