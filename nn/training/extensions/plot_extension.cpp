#include "nn/training/extensions/plot_extension.h"

#include <fmt/format.h>

#include <utility>

#include "nn/files/run_program.h"
#include "nn/text.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {

void PlotExtension::draw(const Trainer& trainer, const std::string& filename,
                         const plot::Figure& figure, std::FILE* warnings) {
  try {
    plot::write_figure(trainer.out() + "/" + filename, figure);
  } catch (const ProgramError& e) {
    if (std::exchange(warned_, true) || warnings == nullptr) return;
    text::put(warnings,
              fmt::format("{}{}: {} is not written: {}\n", text::clear_rest(warnings),
                          default_name(), filename, e.what()),
              default_name());
  }
}

}  // namespace nn::training::extensions
