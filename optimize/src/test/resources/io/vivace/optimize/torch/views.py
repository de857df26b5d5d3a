"""Makes views.pt and views.tsv, see README.md."""
import torch
import torch.nn.utils.prune as prune
class Views(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a=torch.nn.Linear(8,8); self.b=torch.nn.Linear(8,8); self.b.weight=self.a.weight
        self.c=torch.nn.Linear(8,8); self.c.weight=torch.nn.Parameter(torch.randn(8,8).t())
        flat=torch.randn(100)
        self.d=torch.nn.Linear(8,5); self.d.weight=torch.nn.Parameter(flat[10:50].view(5,8))
        self.e=torch.nn.Linear(8,5); self.e.weight=torch.nn.Parameter(flat[50:90].view(5,8))
        self.norm=torch.nn.LayerNorm([2,4]); self.norm.weight=torch.nn.Parameter(torch.rand(2,4)+0.5)
        self.low=torch.nn.Linear(8,8).half()
        self.brain=torch.nn.Linear(8,8).bfloat16()
        self.table=torch.nn.Embedding(6,8)
        self.conv=torch.nn.Conv1d(1,3,3,padding=1)
        self.up=torch.nn.ConvTranspose1d(3,1,3,padding=1)
        self.rnn=torch.nn.LSTM(8,8,batch_first=True)
        self.register_buffer('turned',self.a.weight.detach().t())
        self.steps=[1,2]; self.scale=0.5; self.big=2**40
    def forward(self,x):
        y=self.b(torch.relu(self.a(x)))+self.turned.sum(0)*self.scale
        y=torch.tanh(self.c(y))
        y=self.norm(y.view(-1,2,4)).view(-1,8)
        y=y+self.low.weight.float().sum(0)*0.1+self.brain.weight.float().sum(0)*0.1
        y=y+self.table(torch.arange(6)).sum(0)
        y=y+self.up(torch.relu(self.conv(y.unsqueeze(1)))).squeeze(1)
        y=self.rnn(y.unsqueeze(1))[0].squeeze(1)
        return self.d(y)-self.e(y)*float(self.steps[1])
torch.manual_seed(7)
m=Views().eval()
x=torch.linspace(-1,1,24).view(3,8)
torch.jit.save(torch.jit.script(m),'views.pt')
m=torch.jit.load('views.pt').eval()
def show(m): return [round(v,7) for v in m(x).flatten().tolist()]
out={'plain':show(m)}
def half(t):
    s=t.detach().float().reshape(-1); k=int(torch.tensor(s.numel()*0.5).round())
    idx=torch.topk(s.abs(),s.numel()-k).indices
    mask=torch.zeros_like(s); mask[idx]=1
    return mask.view(t.shape)
done=set()
with torch.no_grad():
    for n,p in m.named_parameters():
        if p.dim()<2 or 'norm' in n or n.startswith('table'): continue
        if p.data_ptr() in done: continue
        done.add(p.data_ptr())
        # cross-check our topk with torch's own pruning
        l=torch.nn.Linear(1,1); l.weight=torch.nn.Parameter(p.detach().float().contiguous().clone())
        prune.l1_unstructured(l,'weight',amount=0.5)
        assert torch.equal(l.weight_mask,half(p)) , n
        p.mul_(half(p).to(p.dtype))
out['half pruned']=show(m)
m=torch.jit.load('views.pt').eval(); done=set()
with torch.no_grad():
    for n,p in m.named_parameters():
        if p.dim()<2 or 'norm' in n: continue
        if p.data_ptr() in done: continue
        done.add(p.data_ptr())
        ax=1 if n.startswith('up') else 0
        w=p.float(); s=w.abs().amax(dim=[d for d in range(w.dim()) if d!=ax],keepdim=True)/7
        p.copy_((torch.round(w/s)*s).to(p.dtype))
out['4 bits']=show(m)
with open('views.tsv','w') as f:
    for k,v in out.items(): print(k,*v,sep='\t',file=f)
