// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.Test;

class ScriptModuleTest {

    @Test
    void runsMethodsOfGeneratedSource() {
        String source =
                """
                def forward(self, x: Tensor, factors: List[float]) -> Tensor:
                  y = x
                  for i in range(len(factors)):
                    y = torch.mul(y, factors[i])
                  return y

                def shifted(self, x: Tensor) -> Tensor:
                  return torch.add(x, 1.0)
                """;
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ScriptModule module = ScriptModule.compile(source, Device.cpu());
                IValue x = IValue.from((PtNDArray) manager.create(new float[] {1, 2}));
                IValue factors = IValue.listFrom(2.0, 3.0);
                IValue product = module.run("forward", x, factors);
                IValue sum = module.run("shifted", x)) {
            assertThat(product.toTensor((PtNDManager) manager).toFloatArray())
                    .containsExactly(6, 12);
            assertThat(sum.toTensor((PtNDManager) manager).toFloatArray()).containsExactly(2, 3);
        }
    }

    @Test
    void changesListArgumentsInPlace() {
        String source =
                """
                def forward(self, groups: List[List[Tensor]]) -> None:
                  for i in range(len(groups)):
                    torch._foreach_add_(groups[i], float(i + 1))
                """;
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ScriptModule module = ScriptModule.compile(source, Device.cpu())) {
            NDArray first = manager.zeros(new Shape(2));
            NDArray second = manager.zeros(new Shape(1));
            try (IValue firstGroup = IValue.listFrom((PtNDArray) first);
                    IValue secondGroup = IValue.listFrom((PtNDArray) second);
                    IValue groups = IValue.listFrom(firstGroup, secondGroup)) {
                module.run("forward", groups).close();
            }
            assertThat(first.toFloatArray()).containsExactly(1, 1);
            assertThat(second.toFloatArray()).containsExactly(2);
        }
    }

    @Test
    void differentiatesInsideTheSource() {
        String source =
                """
                def forward(self, weights: List[Tensor]) -> Tensor:
                  w = torch.requires_grad_(torch.detach(weights[0]))
                  loss = torch.sum(torch.mul(w, w))
                  g = torch.autograd.grad([loss], [w])
                  return torch.unsqueeze(unchecked_cast(Tensor, g[0]), 0)
                """;
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                ScriptModule module = ScriptModule.compile(source, Device.cpu())) {
            NDArray weight = manager.create(new float[] {1, 2});
            weight.setName("weights[]");
            NDList result = module.run(ScriptModule.Mode.RECORDED, new NDList(weight));
            assertThat(result.head().toFloatArray()).containsExactly(2, 4);
            assertThat(weight.hasGradient()).isFalse();
            assertThat(JniUtils.isGradMode()).isFalse();
        }
    }

    @Test
    void quotesSourceThatTheEngineRejects() {
        String source =
                """
                def forward(self, x: Tensor) -> Tensor:
                  return torch.nonsense(x)
                """;
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> ScriptModule.compile(source, Device.cpu()))
                .withMessageContaining("torch.nonsense(x)");
    }
}
